"""The benchmark of search: bytes, requests, time, size and what is found, beside Pagefind on the same papers."""
