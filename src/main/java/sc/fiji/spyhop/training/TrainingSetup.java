package sc.fiji.spyhop.training;

import java.util.List;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.network.Network;

/** What is trained, for which objectives, and what computes. */
public record TrainingSetup(
    Engine engine, Device device, Network network, List<Objective> objectives) {}
