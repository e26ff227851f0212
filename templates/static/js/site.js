// @ts-check
// Conveniences: without this file every page still works.
import { offerTheme, switchTheme } from "./switch.js";
import { offerKeys } from "./keys.js";
import { guess } from "./guess.js";

offerTheme();
offerKeys({ theme: switchTheme });
guess(location.pathname);
