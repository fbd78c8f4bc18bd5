package sc.fiji.spyhop.quantization;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.ClassImages;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Dataset.Entry;
import sc.fiji.spyhop.dataset.Grouping;
import sc.fiji.spyhop.dataset.ImagePairs;
import sc.fiji.spyhop.dataset.ReadableSamples;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.dataset.ValueImages;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.MaskFiles;
import sc.fiji.spyhop.dataset.format.OverlapFiles;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.MultiLabelSegmentation;
import sc.fiji.spyhop.task.PixelTask;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.task.Task;

/**
 * Images on which the ranges of feature maps are measured; more are not read than tell something
 * new.
 *
 * @param samples with what is true of them, if that is known
 * @param annotated whether it is
 * @param notes sentences about what was left out
 */
public record CalibrationImages(Dataset<?> samples, boolean annotated, List<String> notes) {

  /** Ranges hardly change with more. */
  private static final int MAX_IMAGES = 100;

  /**
   * A folder or file, an index of it and a subset if there are any, and who reads its images and
   * annotations.
   */
  public record Source(
      Path folder,
      Optional<Path> index,
      Optional<String> subset,
      ImageReader reader,
      AnnotationFiles annotations) {}

  /**
   * Images that are annotated with what a task tells.
   *
   * @throws sc.fiji.spyhop.SpyhopException if there are none
   */
  public static CalibrationImages annotated(Task<?, ?> task, Source source, Progress progress) {
    List<String> notes = new ArrayList<>();
    Dataset<?> all =
        task.accept(
            new Task.FamilyVisitor<Dataset<?>>() {
              @Override
              public Dataset<?> image(ImageTask<?> of) {
                throw new AssertionError(of.kind());
              }

              @Override
              public Dataset<?> classification(ClassTask of) {
                ClassImages found =
                    ClassImages.read(
                        source.folder(),
                        source.index(),
                        source.subset(),
                        of.classes(),
                        ClassImages.Labels.of(of),
                        source.reader());
                notes.addAll(found.notes());
                return found.samples();
              }

              @Override
              public Dataset<?> regression(Regression of) {
                ValueImages found =
                    ValueImages.read(
                        source.folder(),
                        source.index(),
                        source.subset(),
                        of.names(),
                        new Grouping.ByName(),
                        source.reader());
                notes.addAll(found.notes());
                return found.samples();
              }

              @Override
              public Dataset<?> annotation(AnnotationTask of) {
                return source
                    .annotations()
                    .open(source.folder(), source.index(), source.subset())
                    .samples(source.reader());
              }

              @Override
              public Dataset<?> pixels(PixelTask<?> of) {
                if (of instanceof MultiLabelSegmentation several) {
                  OverlapFiles read =
                      OverlapFiles.read(
                          source.annotations(),
                          source.folder(),
                          source.index(),
                          source.subset(),
                          several.classes());
                  notes.addAll(read.problems());
                  return read.samples();
                }
                MaskFiles found = masks(of, source);
                notes.addAll(found.problems());
                return found.samples();
              }

              @Override
              public Dataset<?> restoration(Restoration of) {
                ImagePairs found =
                    of.blindSpots()
                        ? ImagePairs.alone(
                            source.folder(), source.index(), source.subset(), source.reader())
                        : ImagePairs.read(
                            source.folder(),
                            ImagePairs.Places.ANY,
                            source.index(),
                            source.subset(),
                            source.reader());
                notes.addAll(found.notes());
                return found.samples();
              }
            });
    return some(all, true, notes, progress);
  }

  private static MaskFiles masks(PixelTask<?> task, Source source) {
    if (task instanceof SemanticSegmentation s) {
      return MaskFiles.classes(
          source.annotations(),
          source.folder(),
          source.index(),
          source.subset(),
          s.classes(),
          s.ignored());
    }
    return MaskFiles.objects(
        source.annotations(),
        source.folder(),
        source.index(),
        source.subset(),
        task instanceof InstanceSegmentation o ? o.types() : List.of(),
        -1);
  }

  /**
   * Images of which nothing is known.
   *
   * @param files at least one
   */
  public static CalibrationImages plain(
      Collection<Path> files, ImageReader reader, Progress progress) {
    List<Entry<String>> entries = new ArrayList<>();
    for (Path file : files) {
      entries.add(new Entry<>(file.toString(), () -> new Sample<>(reader.readFrame(file), "")));
    }
    return some(Dataset.of(entries), false, new ArrayList<>(), progress);
  }

  /** Some of all, evenly, as far as they can be read. */
  private static CalibrationImages some(
      Dataset<?> all, boolean annotated, List<String> notes, Progress progress) {
    int count = Math.min(MAX_IMAGES, all.size());
    Dataset<?> some =
        all.select(
            IntStream.range(0, count)
                .mapToObj(i -> (int) ((long) i * all.size() / count))
                .toList());
    return new CalibrationImages(
        ReadableSamples.of(some, "calibrate", progress, notes::add), annotated, notes);
  }
}
