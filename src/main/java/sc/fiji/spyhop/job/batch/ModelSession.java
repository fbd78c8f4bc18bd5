package sc.fiji.spyhop.job.batch;

import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;

/** A job with one model. */
abstract class ModelSession implements BatchJob.Session {

  private final Model model;
  private final Device device;

  ModelSession(Model model, Device device) {
    this.model = model;
    this.device = device;
  }

  @Override
  public final String title() {
    return "Model " + model.spec().name() + " on " + device;
  }

  @Override
  public final String fingerprint() {
    return model.crc32();
  }

  @Override
  public final ModelSpec.Input input() {
    return model.spec().input();
  }
}
