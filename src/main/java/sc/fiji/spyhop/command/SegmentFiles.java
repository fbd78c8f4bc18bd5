package sc.fiji.spyhop.command;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.AdjustJob;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.Inputs;
import sc.fiji.spyhop.util.FileNames;

/** Segments files: with a model, or of the probabilities that an earlier run has kept. */
final class SegmentFiles extends InFiles {

  /** Key of the folder. */
  static final String ADJUST = "adjust";

  /** Settings of the network, which is not asked again. */
  private static final Set<String> OF_NETWORK =
      Set.of("model", "channel", "precision", "diameter", "scale", "normalize", "probabilities");

  @Parameter(
      label = "Earlier results to adjust",
      required = false,
      style = "directory",
      persist = false,
      description =
          "Folder of earlier results with kept probabilities: objects are found in these with other"
              + " settings, without running the network again. No images need be named then, unless"
              + " they lie elsewhere now. What counts as an object, where to look and what to"
              + " measure are not taken over from the earlier run: give them again.")
  private File adjust = new File("");

  private final SegmentCommand segment;

  SegmentFiles(SegmentCommand segment) {
    super(segment);
    this.segment = segment;
  }

  private boolean adjusts() {
    return !adjust.getPath().isBlank();
  }

  /** Images need not be named. */
  @Override
  public List<Setting> settings() {
    return super.settings().stream()
        .map(s -> s.key().equals("input") ? s.optional() : s)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  @Override
  boolean needsInput() {
    return !adjusts();
  }

  @Override
  void check() {
    super.check();
    if (!adjusts()) return;
    if (FileNames.isSame(adjust.toPath(), output())) {
      throw SettingException.wrong(
          "output",
          output()
              + " is the folder of the probabilities, whose results would be replaced while they are"
              + " adjusted. Name another folder.");
    }
    Map<String, Object> defaults = new LinkedHashMap<>();
    new SegmentCommand().settings().forEach(s -> defaults.put(s.key(), s.get()));
    for (Setting s : segment.settings()) {
      if (!OF_NETWORK.contains(s.key()) || s.get().equals(defaults.get(s.key()))) continue;
      throw SettingException.wrong(
          s.key(), "kept probabilities are adjusted as the earlier run had it; leave it out.");
    }
  }

  /** The images of the earlier run, unless some are named. */
  @Override
  Inputs inputs(List<String> named, boolean deep, Path to) {
    if (!adjusts() || !named.isEmpty()) return super.inputs(named, deep, to);
    Map<String, Path> files = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    AdjustJob.images(adjust.toPath())
        .forEach(
            (name, file) -> {
              if (file.isEmpty()) {
                problems.add(
                    name
                        + ": the earlier run was stopped before it came to it. Resume that first.");
              } else if (Files.exists(file.get())) {
                files.put(name, file.get());
              } else {
                problems.add(
                    file.get() + ": is not there any more. Name the images, wherever they are.");
              }
            });
    return new Inputs(files, problems);
  }

  @Override
  BatchJob job(Caller caller) {
    if (!adjusts()) return super.job(caller);
    caller.note(
        "Threshold, split, probability, score, smallest, largest, fill, whole, classes, measure, within,"
            + " edge and group are those of this run, not of the earlier one.");
    return new AdjustJob(adjust.toPath(), segment.measures(), segment.area(), segment.adjust());
  }
}
