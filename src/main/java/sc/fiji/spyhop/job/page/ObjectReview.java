package sc.fiji.spyhop.job.page;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ReviewSheet;
import sc.fiji.spyhop.ij.ReviewedObject;
import sc.fiji.spyhop.ij.ReviewedRegions;
import sc.fiji.spyhop.job.batch.Endings;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.Digits;

/**
 * The objects of a batch of which the model is least sure, of all images together: a table, a sheet
 * of pictures, and the regions of each of their images, the least sure first. It is made of the
 * regions that the batch wrote and of its images.
 */
public final class ObjectReview {

  /** Name of the table. */
  public static final String TABLE = "review.csv";

  /** Name of the sheet of pictures. */
  public static final String SHEET = "review.png";

  /** Behind the name of an image: its regions, the least sure first. */
  private static final String REGIONS = "_review.zip";

  /** Objects on the sheet. */
  private static final int SHOWN = 100;

  /**
   * A region of which the model is unsure.
   *
   * @param image its position in the table of images
   * @param region its position among the regions of the image, the least sure first
   */
  private record Unsure(int image, int region, double score) {}

  /** What there is to say of it. */
  private record Looked(ReviewedObject object, Optional<BufferedImage> square) {}

  private final Path results;
  private final List<LookedImages.Image> images;
  private final List<Unsure> queue;

  private ObjectReview(Path results, List<LookedImages.Image> images, List<Unsure> queue) {
    this.results = results;
    this.images = images;
    this.queue = queue;
  }

  /**
   * Finds the objects.
   *
   * @param results folder of a batch that wrote regions with scores
   * @param below score, in [0, 1], below which objects are taken; absent: any
   * @param max number of objects that are taken
   * @throws SpyhopException if it holds no results, or none with scores
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public static ObjectReview find(Path results, OptionalDouble below, int max, Progress progress) {
    List<LookedImages.Image> images =
        LookedImages.read(results).images().stream()
            .filter(i -> !i.failed() && Pictures.isName(i.name()))
            .toList();
    List<Unsure> queue = new ArrayList<>();
    boolean scored = false;
    for (int i = 0; i < images.size(); i++) {
      progress.checkCancelled();
      progress.update(images.get(i).title(), i, images.size());
      ReviewedRegions regions = regions(results, images.get(i));
      scored |= regions.haveScores();
      double[] scores = regions.scores(below, max);
      for (int r = 0; r < scores.length; r++) queue.add(new Unsure(i, r, scores[r]));
      queue.sort(Comparator.comparingDouble(Unsure::score));
      if (queue.size() > max) queue.subList(max, queue.size()).clear();
    }
    if (!scored) {
      throw new SpyhopException(
          results
              + ": expected regions with scores, in files NAME"
              + Endings.ROIS
              + ", found none. Segment or localize with a model that gives scores, such as one that"
              + " was calibrated by Spyhop Calibrate Model.");
    }
    return new ObjectReview(results, images, queue);
  }

  private static ReviewedRegions regions(Path results, LookedImages.Image image) {
    return ReviewedRegions.read(results.resolve(image.name() + Endings.ROIS));
  }

  /** Number of objects that are to be looked through. */
  public int size() {
    return queue.size();
  }

  /** Number of images that they are in. */
  public int images() {
    return (int) queue.stream().mapToInt(Unsure::image).distinct().count();
  }

  /**
   * Writes table, sheet and regions.
   *
   * @param output folder that is there
   * @param notes takes a sentence about each image that cannot be shown
   * @throws SpyhopException if they cannot be written
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public void write(Path output, Consumer<String> notes, Progress progress) {
    Map<Integer, List<Integer>> ranks = new TreeMap<>();
    IntStream.range(0, queue.size())
        .forEach(i -> ranks.computeIfAbsent(queue.get(i).image, k -> new ArrayList<>()).add(i));
    Map<Integer, Looked> looked = new HashMap<>();
    int done = 0;
    for (Map.Entry<Integer, List<Integer>> own : ranks.entrySet()) {
      progress.checkCancelled();
      LookedImages.Image image = images.get(own.getKey());
      progress.update(image.title(), done++, ranks.size());
      ReviewedRegions regions = regions(results, image);
      regions.write(output.resolve(image.name() + REGIONS));
      ReviewedRegions.InImage shown = regions.in(image.text("file"));
      if (!shown.isShown()) {
        notes.accept(
            image.title() + ": its objects are not shown, as it cannot be opened any more.");
      }
      for (int rank : own.getValue()) {
        int region = queue.get(rank).region;
        looked.put(
            rank,
            new Looked(
                shown.object(region), rank < SHOWN ? shown.square(region) : Optional.empty()));
      }
    }
    for (int i = 0; i < images.size(); i++) {
      if (!ranks.containsKey(i)) delete(output.resolve(images.get(i).name() + REGIONS));
    }
    CsvFile.write(output.resolve(TABLE), csv -> rows(csv, looked));
    ReviewSheet sheet = new ReviewSheet();
    for (int i = 0; i < Math.min(SHOWN, queue.size()); i++) {
      sheet.add(looked.get(i).square, looked.get(i).object, title(i));
    }
    BufferedImage picture = sheet.picture();
    AtomicFile.write(output.resolve(SHEET), out -> ImageIO.write(picture, "png", out));
  }

  private String title(int rank) {
    return images.get(queue.get(rank).image).title();
  }

  private void rows(CsvFile.Sink csv, Map<Integer, Looked> looked) throws IOException {
    List<String> columns = new ArrayList<>(List.of("rank", "image"));
    columns.addAll(ReviewedObject.COLUMNS);
    csv.row(columns);
    for (int i = 0; i < queue.size(); i++) {
      List<String> cells = new ArrayList<>(List.of(String.valueOf(i + 1), title(i)));
      looked.get(i).object.cells().values().forEach(value -> cells.add(Digits.cell(value)));
      csv.row(cells);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(file, e);
    }
  }
}
