import { startSuggestions } from "./combobox";
import { startDialogs } from "./dialogs";
import { startDisplay } from "./display";
import { startDrawer } from "./drawer";
import { startForms } from "./forms";
import { startKeys } from "./keys";
import { startLeaving } from "./offline/leaving";
import { startPrinting } from "./printing";
import { startQueue } from "./queue";
import { startRequests } from "./requests";
import { startScan } from "./scan";
import { startSelection } from "./selection";
import { startSharing } from "./sharing";
import { startSounds } from "./sounds";

startDisplay();
startSuggestions();
startDialogs();
startDrawer();
startQueue(); // before the forms, which pass over what it has taken
startForms();
startSharing();
startPrinting();
startRequests();
startScan();
startSelection();
startSounds();
startLeaving();
startKeys();
