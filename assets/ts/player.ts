import { startPlayer } from "./reading/playing";

startPlayer();
