package sc.fiji.spyhop.job.batch;

import ij.ImagePlus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.FloatStack;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.ij.measure.Measures;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.job.maps.KeptMaps;
import sc.fiji.spyhop.job.maps.MapsRecord;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;

/**
 * Finds objects once more in images whose probabilities an earlier run has kept, with other
 * settings and without the network: what that run would have given with these.
 *
 * @param folder of the results of the earlier run
 * @param measures what is measured
 * @param area where objects are looked for
 * @param adjust what is wanted otherwise than the model has it
 */
public record AdjustJob(Path folder, Measures measures, LookArea area, Adjust adjust)
    implements BatchJob {

  @Override
  public String name() {
    return "segment";
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>(area.settings());
    settings.put("measure", measures.toString());
    settings.put("adjust", FileNames.slashed(folder.toAbsolutePath().normalize()));
    settings.putAll(adjust.settings());
    return settings;
  }

  @Override
  public List<String> endings() {
    return FoundObjects.ENDINGS;
  }

  @Override
  public List<String> averaged() {
    return FoundObjects.AVERAGED;
  }

  @Override
  public String counted(long count) {
    return Strings.count(count, "object");
  }

  /**
   * The images of the earlier run by name of what they leave, with those that it could not look at
   * and those whose probabilities are gone; nothing for one that it has not come to.
   *
   * @throws SpyhopException if no probabilities were kept of any
   */
  public static Map<String, Optional<Path>> images(Path folder) {
    Folders.require(folder, "the results of an earlier run");
    Map<String, Optional<Path>> images = new LinkedHashMap<>();
    Journal.outcomes(folder)
        .forEach((name, o) -> images.put(name, o.map(of -> Path.of(of.stamp().file()))));
    boolean kept = images.keySet().stream().anyMatch(n -> Files.isRegularFile(maps(folder, n)));
    if (kept) return images;
    throw new SpyhopException(
        folder
            + ": expected results of an earlier run with kept probabilities (probabilities=true; in"
            + " a shell, --probabilities), found none.");
  }

  private static Path maps(Path folder, String name) {
    return folder.resolve(name + Endings.PROBABILITIES);
  }

  @Override
  public Session open() {
    try (KeptMaps maps = KeptMaps.of(FloatStack.open(first()))) {
      adjust.require(maps.record().task().regionNames());
      return new Adjusting(
          maps.record(), maps.task(adjust.decoding()), new EarlierImages(Journal.outcomes(folder)));
    }
  }

  /** Any kept probabilities: all of a run are of the same model. */
  private Path first() {
    Folders.require(folder, "the results of an earlier run");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> FileNames.last(f).endsWith(Endings.PROBABILITIES))
          .min(FileNames.ORDER)
          .orElseThrow(() -> new SpyhopException(folder + ": there are no kept probabilities."));
    } catch (IOException e) {
      throw new SpyhopException(folder + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  private final class Adjusting implements Session {

    private final MapsRecord record;
    private final SegmentationTask task;
    private final EarlierImages earlier;

    /**
     * @param record of some of the maps, for what all have in common
     * @param earlier images of the earlier run
     */
    Adjusting(MapsRecord record, SegmentationTask task, EarlierImages earlier) {
      this.record = record;
      this.task = task;
      this.earlier = earlier;
    }

    @Override
    public String model() {
      return record.model();
    }

    @Override
    public String device() {
      return record.device();
    }

    @Override
    public String title() {
      String settings = task.adjustment().text();
      return "Probabilities of model "
          + model()
          + ", kept in "
          + folder
          + (settings.isEmpty() ? "" : "; " + settings);
    }

    @Override
    public String fingerprint() {
      return record.fingerprint();
    }

    @Override
    public Map<String, String> used() {
      return task.adjustment().settings();
    }

    /** All channels, to be measured. */
    @Override
    public Frames frames(ImagePlus image, ChannelChoice channels) {
      return Frames.of(image);
    }

    @Override
    public Optional<String> remark(PixelSize image) {
      return Optional.empty();
    }

    @Override
    public List<Column> columns() {
      return FoundObjects.COLUMNS;
    }

    @Override
    public Found look(Image image, Progress progress) {
      JournalLine.Outcome then =
          earlier
              .find(image.file())
              .orElseThrow(
                  () ->
                      new SpyhopException(
                          "There are no probabilities of it: the run whose results are in "
                              + folder
                              + " looked at no image of its content, or of its name alone. Segment"
                              + " it."));
      Path file = maps(folder, then.image());
      if (!Files.isRegularFile(file)) {
        throw new SpyhopException(
            "There are no probabilities of it: there is no " + file + ". Segment it again.");
      }
      requireSegmented(image, then);
      try (KeptMaps maps = KeptMaps.of(FloatStack.open(file))) {
        requireSameModel(file, maps.record());
        maps.requireOf(FileNames.last(Path.of(then.stamp().file())));
        maps.requireIntact(progress);
        return FoundObjects.find(
            image.title(),
            maps.segmenting(image.frames(), adjust.decoding()),
            adjust,
            image.within(),
            measures,
            progress);
      }
    }

    /** Refuses an image that is another than that which the earlier run has segmented. */
    private void requireSegmented(Image image, JournalLine.Outcome then) {
      JournalLine.Stamp stamp = then.stamp();
      if (then.failed() || stamp.bytes() < 0 || !stamp.isChanged(image.file())) return;
      throw new SpyhopException(
          Strings.format(
              "Expected the image that was segmented, received another: its content is not that of %s when probabilities were kept of that. Segment it again.",
              stamp.file()));
    }

    private void requireSameModel(Path file, MapsRecord of) {
      if (of.fingerprint().equals(record.fingerprint())) return;
      throw new SpyhopException(
          Strings.format(
              "%s: expected probabilities of model %s, as the others of the folder, received those of another (%s).",
              file, record.model(), of.model()));
    }

    @Override
    public void close() {}
  }
}
