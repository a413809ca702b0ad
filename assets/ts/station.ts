import { startCountdown, startStation } from "./countdown";
import { startDisplay } from "./display";
import { startForms } from "./forms";
import { startKeys } from "./keys";
import { startQueue } from "./queue";
import { startRequests } from "./requests";
import { startScan } from "./scan";
import { startSounds } from "./sounds";

startDisplay();
startQueue(); // before the forms, which pass over what it has taken
startForms();
startRequests();
startScan();
startSounds();
startStation();
startCountdown();
startKeys();
