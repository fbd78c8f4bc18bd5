package sc.fiji.spyhop.job.batch;

import ij.ImagePlus;
import ij.io.FileSaver;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.ij.ClassLabels;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.SlidingWindow;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;

/**
 * Slides a window over the first slice of images: a probability image for each class.
 *
 * @param model name or file
 * @param window width and height in pixels, from 1
 * @param stride pixels from one window to the next, from 1
 * @param precision in which it is asked to compute
 */
public record ClassMapsJob(String model, int window, int stride, Precision precision)
    implements BatchJob {

  private static final String CLASSES = "_classes.tif";

  @Override
  public String name() {
    return "classify with a sliding window";
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("window", String.valueOf(window), "stride", String.valueOf(stride));
  }

  @Override
  public List<String> endings() {
    return List.of(CLASSES);
  }

  @Override
  public Session open() {
    SlidingWindow sliding = new SlidingWindow(window, stride);
    Runner<ClassScores> classifier =
        Runner.open(
            model, TaskKind.CLASSIFICATION, Runner.Options.DEFAULT.withPrecision(precision));
    return new ModelSession(
        classifier,
        List.of(),
        (image, progress) ->
            new Maps(
                image.title(),
                ClassLabels.maps(
                    image.frames().image(),
                    sliding.over(image.frames().get(1, 1), classifier, progress),
                    classifier.spec().names())));
  }

  private record Maps(String name, ImagePlus maps) implements Found {

    @Override
    public Stream<List<String>> rows() {
      return Stream.empty();
    }

    @Override
    public long count() {
      return maps.getStackSize();
    }

    @Override
    public String summary() {
      return Strings.format(
          "%d x %d windows for %d classes", maps.getWidth(), maps.getHeight(), maps.getStackSize());
    }

    @Override
    public void write(Function<String, Path> place) {
      byte[] tiff = new FileSaver(maps).serialize();
      if (tiff == null) throw new SpyhopException(name + ": the maps cannot be saved.");
      AtomicFile.write(place.apply(CLASSES), out -> out.write(tiff));
    }
  }
}
