import { startReading } from "./reading/reading";

startReading();
