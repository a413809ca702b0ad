import { startSuggestions } from "./combobox";
import { startDialogs } from "./dialogs";
import { startDisplay } from "./display";
import { startDrawer } from "./drawer";
import { startForms } from "./forms";
import { startReturning } from "./reading/returning";
import { startRequests } from "./requests";
import { startSharing } from "./sharing";

startDisplay();
startSuggestions();
startDrawer();
startDialogs();
startForms();
startSharing();
startRequests();
void startReturning();
