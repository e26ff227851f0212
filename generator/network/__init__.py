"""Asking servers of others, politely and within a fence: an address enters, an answer or a problem leaves. Nothing here knows of papers."""

from generator.network.client import Answer, Client, Pace

__all__ = ["Answer", "Client", "Pace"]
