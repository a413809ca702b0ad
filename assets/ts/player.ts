import { startPlayer } from "./reading/listening/player";

startPlayer();
