package sc.fiji.spyhop.pipeline.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.ObjectPictures;
import sc.fiji.spyhop.dataset.Range;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.image.BoxPicture;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Similarity;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.Pipeline;
import sc.fiji.spyhop.model.PipelineSpec;
import sc.fiji.spyhop.model.PipelineStep;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.pipeline.Finding;
import sc.fiji.spyhop.pipeline.Pictures;
import sc.fiji.spyhop.pipeline.PipelineResult;
import sc.fiji.spyhop.pipeline.PipelineRunner;
import sc.fiji.spyhop.pipeline.training.Photographs.Photograph;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.KeypointDetection;
import sc.fiji.spyhop.task.Localization;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.DetectionTraining;
import sc.fiji.spyhop.training.ImageInputs;
import sc.fiji.spyhop.training.ImageNetwork;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.StopReason;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.training.TrainingRun;
import sc.fiji.spyhop.util.Strings;

/**
 * Trains localizer, keypoint finder and classifier of a pipeline, each on pictures that carry the
 * errors of the steps before, as they were measured on images that those were not trained on. Cf.
 * the winners of the right whale recognition challenge of 2015, who aligned heads by two keypoints.
 *
 * @param about of the pipeline
 * @param folder keeps each network as soon as it is finished; those that are there are taken over
 */
public record PipelineTraining(
    ModelTraining.About about,
    ModelTraining.Origin origin,
    Photographs photographs,
    Path folder,
    PipelineOptions options) {

  /** Names of the networks in the folder, without extension. */
  public static final List<String> PARTS = List.of("localizer", "keypoints", "classifier");

  private static final int LOCALIZER_STRIDE = 4;
  private static final int KEYPOINT_STRIDE = 2;
  private static final int MAX_OBJECTS = 20;

  /** Aligned, a box of mean size takes up this share of the picture. */
  private static final double FILLED = 0.9;

  /** Of keypoints: a poor alignment is better than none. */
  private static final double MIN_CONFIDENCE = 0.05;

  private static final Augmentation LIGHT =
      Augmentation.NONE.withIntensity(new Range(0.8, 1.25), Range.symmetric(0.15), new Range(1, 1));

  /**
   * What came of it.
   *
   * @param pipeline absent if it was stopped before each network had learnt something
   * @param explanation a sentence
   */
  public record Outcome(Optional<Pipeline> pipeline, StopReason reason, String explanation) {}

  /** A network could not be finished. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient StopReason reason;

    Stopped(StopReason reason) {
      this.reason = reason;
    }
  }

  /**
   * Trains all three.
   *
   * @param listener told after each epoch of each
   * @param progress of one network after the other; can cancel: what is finished is kept
   */
  public Outcome run(Engine engine, Device device, TrainingListener listener, Progress progress) {
    try {
      return new Run(engine, device, listener, progress).all();
    } catch (Stopped s) {
      return new Outcome(
          Optional.empty(),
          s.reason,
          "Stopped before each network had learnt something. What is finished is kept in "
              + folder
              + " and taken over if training goes on.");
    }
  }

  private final class Run {
    private final Engine engine;
    private final Device device;
    private final TrainingListener listener;
    private final Progress progress;
    private final List<Photograph> train;
    private final List<Photograph> held;
    private StopReason reason = StopReason.FINISHED;

    Run(Engine engine, Device device, TrainingListener listener, Progress progress) {
      this.engine = engine;
      this.device = device;
      this.listener = listener;
      this.progress = progress;
      Photographs readable = photographs.readable(progress, listener::message);
      List<List<Photograph>> parts = readable.split(options.splitter(), listener::message);
      train = parts.get(0);
      held = parts.get(1);
    }

    Outcome all() {
      long start = System.nanoTime();
      listener.message(
          Strings.format(
              "Training on %d images of %d classes; %d more are held out to measure errors.",
              train.size(), photographs.classes().size(), held.size()));
      Model localizer = kept("localizer", this::localizer);
      BoxErrors boxes = measure(localizer);
      listener.message(
          Strings.format("Held out: %d of %d boxes found.", boxes.errors().size(), held.size()));
      PipelineStep.Crop crop =
          new PipelineStep.Crop(options.margin(), options.side(), options.side());
      Model finder = kept("keypoints", () -> keypoints(crop, boxes));
      PipelineStep.Localize localize =
          new PipelineStep.Localize(
              localizer.spec().name(),
              photographs.boxClasses(),
              ((Localization) localizer.spec().task()).threshold(),
              MAX_OBJECTS);
      PipelineStep.Keypoints points =
          new PipelineStep.Keypoints(finder.spec().name(), MIN_CONFIDENCE);
      PipelineStep.Align align = align();
      List<PipelineStep> steps = new ArrayList<>(List.of(localize, crop, points, align));
      Map<String, Model> models = new LinkedHashMap<>();
      models.put(localizer.spec().name(), localizer);
      models.put(finder.spec().name(), finder);
      List<Optional<Affine>> found = new ArrayList<>();
      AlignmentErrors errors =
          measure(new Pipeline(spec(steps, ModelSpec.Training.UNKNOWN), models), align, found);
      listener.message("Held out: " + errors + ".");
      Model classifier = kept("classifier", () -> classifier(align, errors, found));
      steps.add(new PipelineStep.Classify(classifier.spec().name()));
      models.put(classifier.spec().name(), classifier);
      Pipeline draft = new Pipeline(spec(steps, ModelSpec.Training.UNKNOWN), models);
      Map<String, Double> figures = new LinkedHashMap<>(errors.figures());
      figures.put("boxes missed", (double) boxes.missed());
      figures.put("held-out accuracy of the chain", accuracy(draft));
      double seconds = (System.nanoTime() - start) / 1e9;
      Pipeline whole = new Pipeline(spec(steps, record(seconds, classifier, figures)), models);
      return new Outcome(
          Optional.of(whole),
          reason,
          Strings.format(
              "The pipeline identifies %.1f %% of %d held-out images.",
              100 * figures.get("held-out accuracy of the chain"), held.size()));
    }

    private PipelineSpec spec(List<PipelineStep> steps, ModelSpec.Training training) {
      return new PipelineSpec(
          about.name(),
          about.description(),
          steps,
          training,
          about.author(),
          about.license(),
          about.citation());
    }

    private ModelSpec.Training record(
        double seconds, Model classifier, Map<String, Double> figures) {
      return new ModelSpec.Training(
          origin.command(),
          origin.software(),
          Strings.format(
              "%s; %d images, %d more held out", origin.data(), train.size(), held.size()),
          LocalDate.now(ZoneOffset.UTC).toString(),
          device.toString(),
          Math.round(seconds),
          classifier.spec().training().epochs(),
          options.seed(),
          figures);
    }

    private interface Training {
      ModelTraining<?> make();
    }

    /** A network that is finished already, or a new one, which is kept. */
    private Model kept(String part, Training training) {
      Path file = folder.resolve(part + ModelFile.EXTENSION);
      if (Files.exists(file)) {
        listener.message("Taking over " + file + ".");
        return ModelFile.read(file);
      }
      if (reason != StopReason.FINISHED) throw new Stopped(reason);
      listener.message("Training the " + part + ".");
      TrainingRun.Outcome outcome =
          training.make().run(engine, device, Checkpoints.NONE, listener, progress);
      StopReason why = outcome.result().reason();
      boolean whole = why == StopReason.FINISHED || why == StopReason.NO_IMPROVEMENT;
      boolean last = part.equals("classifier");
      if (outcome.model().isEmpty() || !whole && !last) throw new Stopped(why);
      if (whole) ModelFile.write(outcome.model().get(), file);
      else reason = why;
      return outcome.model().get();
    }

    private TrainingOptions byDefault(TrainingOptions base, int part, Augmentation augmentation) {
      return base.with()
          .epochs(options.rounds().get(part))
          .batch(options.batch())
          .augmentation(augmentation)
          .validateEvery(Math.max(1, options.rounds().get(part) / 8))
          .seed(options.seed())
          .build();
    }

    private <T> ModelTraining<T> training(
        String part,
        sc.fiji.spyhop.task.Task<T, ?> task,
        sc.fiji.spyhop.network.Network network,
        Optional<sc.fiji.spyhop.weights.Weights> start,
        ModelSpec.Input input,
        Dataset<T> on,
        Dataset<T> validation,
        TrainingOptions how) {
      return ModelTraining.of(task, on)
          .about(
              new ModelTraining.About(
                  about.name() + "-" + part,
                  "Part of the pipeline " + about.name() + ".",
                  about.author(),
                  about.license(),
                  about.citation()))
          .origin(origin)
          .network(network)
          .start(start)
          .input(input)
          .validation(validation)
          .options(how)
          .build();
    }

    private ModelTraining<Annotation> scenes(
        String part,
        AnnotationTask task,
        Dataset<Annotation> on,
        Dataset<Annotation> validation,
        Optional<Double> scale,
        int number) {
      DetectionTraining.Plan plan =
          DetectionTraining.plan(
              on,
              task,
              new DetectionTraining.Design(DetectionTraining.COMPACT, options.widths()),
              DetectionTraining.scaled(on, scale),
              options.seed(),
              progress);
      return training(
          part,
          task,
          plan.network(),
          Optional.of(plan.weights()),
          plan.input(),
          on,
          validation,
          byDefault(TrainingOptions.DETECTION, number, Augmentation.DEFAULT));
    }

    private ModelTraining<Annotation> localizer() {
      return scenes(
          "localizer",
          Localization.of(photographs.boxClasses(), LOCALIZER_STRIDE),
          Photographs.scenes(train),
          Photographs.scenes(held),
          options.scale(),
          0);
    }

    private BoxErrors measure(Model localizer) {
      BoxErrors.Collector errors = new BoxErrors.Collector();
      try (Runner<Annotation> compiled =
          Runner.of(localizer, TaskKind.LOCALIZATION, Runner.Options.DEFAULT, engine, device)) {
        for (Photograph p : held) {
          progress.checkCancelled();
          List<Box> found =
              compiled.predict(p.frame().read()).objects().stream()
                  .map(LocalizedObject::box)
                  .toList();
          errors.add(p.object().box(), found);
        }
      }
      return errors.finish();
    }

    private ModelTraining<Annotation> keypoints(PipelineStep.Crop crop, BoxErrors errors) {
      KeypointLayout layout =
          new KeypointLayout(photographs.keypoints(), List.of(), List.of()).withMirroredByName();
      return scenes(
          "keypoints",
          KeypointDetection.of(layout, KEYPOINT_STRIDE),
          crops(train, crop, errors, options.copies()),
          crops(held, crop, errors, 1),
          Optional.of(1.0),
          1);
    }

    /** Pictures of boxes that carry errors, with the keypoints as they lie there. */
    private Dataset<Annotation> crops(
        List<Photograph> of, PipelineStep.Crop crop, BoxErrors errors, int copies) {
      BoxPicture picture = crop.picture();
      List<Sample<Annotation>> samples = new ArrayList<>();
      for (int i = 0; i < of.size(); i++) {
        progress.checkCancelled();
        progress.update("Cutting out pictures", i, of.size());
        Photograph p = of.get(i);
        Frame image = p.frame().read();
        SplittableRandom random = new SplittableRandom(options.seed() * 1_000_003 + i);
        for (int k = 0; k < copies; k++) {
          Affine toImage = picture.toImage(errors.draw(p.object().box(), random));
          samples.add(ObjectPictures.cut(image, toImage, picture, p.pose(), p.name() + " " + k));
        }
      }
      progress.update("Cutting out pictures", of.size(), of.size());
      return Dataset.ofSamples(samples);
    }

    /**
     * Where keypoints go: their mean places relative to the middle of the box, the first above the
     * last, in a scale in which a box of mean size fills the picture.
     */
    private PipelineStep.Align align() {
      List<String> names = photographs.keypoints();
      double[][] mean = new double[names.size()][2];
      double size = 0;
      double length = 0;
      String first = names.get(0);
      String last = names.get(names.size() - 1);
      for (Photograph p : train) {
        Keypoint a = p.keypoint(first);
        Keypoint b = p.keypoint(last);
        double d = Math.max(1e-6, Math.hypot(b.x() - a.x(), b.y() - a.y()));
        Affine upright =
            Affine.translation(-p.object().box().centerX(), -p.object().box().centerY())
                .then(Affine.rotation(Math.PI / 2 - Math.atan2(b.y() - a.y(), b.x() - a.x())))
                .then(Affine.scale(1 / d, 1 / d));
        for (int k = 0; k < mean.length; k++) {
          Keypoint point = p.keypoint(names.get(k));
          mean[k][0] += upright.x(point.x(), point.y()) / train.size();
          mean[k][1] += upright.y(point.x(), point.y()) / train.size();
        }
        size += Math.max(p.object().box().width(), p.object().box().height()) / d;
        length++;
      }
      double scale = FILLED * options.side() / (size / length);
      List<PipelineStep.Anchor> anchors = new ArrayList<>();
      for (int k = 0; k < mean.length; k++) {
        anchors.add(
            new PipelineStep.Anchor(
                names.get(k),
                rounded(options.side() / 2.0 + scale * mean[k][0]),
                rounded(options.side() / 2.0 + scale * mean[k][1])));
      }
      return new PipelineStep.Align(anchors, options.side(), options.side());
    }

    private static double rounded(double value) {
      return Math.round(100 * value) / 100.0;
    }

    /**
     * Errors of the aligned pictures of held-out images.
     *
     * @param found gets the way from each picture to the image
     */
    private AlignmentErrors measure(
        Pipeline until, PipelineStep.Align align, List<Optional<Affine>> found) {
      List<Similarity.Parts> errors = new ArrayList<>();
      try (PipelineRunner chain = new PipelineRunner(until, engine, device)) {
        for (Photograph p : held) {
          progress.checkCancelled();
          PipelineResult result = chain.run(p.frame().read(), new Quiet(progress));
          Optional<Affine> map =
              result.findings().stream()
                  .findFirst()
                  .filter(f -> f.missing().isEmpty())
                  .map(Finding::toImage);
          found.add(map);
          Optional<Affine> truth = Pictures.align(align, p.pose());
          if (map.isPresent() && truth.isPresent()) {
            errors.add(AlignmentErrors.of(truth.get(), map.get(), align.width(), align.height()));
          }
        }
      }
      return new AlignmentErrors(errors, held.size() - errors.size());
    }

    private ModelTraining<ClassScores> classifier(
        PipelineStep.Align align, AlignmentErrors errors, List<Optional<Affine>> found) {
      List<Sample<ClassScores>> on = new ArrayList<>();
      for (int i = 0; i < train.size(); i++) {
        progress.checkCancelled();
        progress.update("Aligning pictures", i, train.size());
        Photograph p = train.get(i);
        Optional<Affine> truth = Pictures.align(align, p.pose());
        if (truth.isEmpty()) continue;
        Frame image = p.frame().read();
        SplittableRandom random = new SplittableRandom(options.seed() * 7_368_787 + i);
        for (int k = 0; k < options.copies(); k++) {
          Affine map = errors.draw(truth.get(), align.width(), align.height(), random);
          on.add(aligned(p, image, map, align, " " + k));
        }
      }
      progress.update("Aligning pictures", train.size(), train.size());
      List<Sample<ClassScores>> validation = new ArrayList<>();
      for (int i = 0; i < held.size(); i++) {
        if (found.get(i).isEmpty()) continue;
        Photograph p = held.get(i);
        validation.add(aligned(p, p.frame().read(), found.get(i).get(), align, ""));
      }
      Dataset<ClassScores> set = Dataset.ofSamples(on);
      Classification task = Classification.of(photographs.classes());
      ModelSpec.Input input =
          ImageInputs.of(
              set,
              Optional.of(new ImageInputs.Size(align.width(), align.height())),
              Optional.empty(),
              progress);
      return training(
          "classifier",
          task,
          ImageNetwork.of(
              options.classifier(),
              Shape.of(input.channels(), align.height(), align.width()),
              task),
          Optional.empty(),
          input,
          set,
          Dataset.ofSamples(validation),
          byDefault(TrainingOptions.IMAGES, 2, LIGHT));
    }

    private Sample<ClassScores> aligned(
        Photograph p, Frame image, Affine map, PipelineStep.Align align, String suffix) {
      return new Sample<>(
          ObjectPictures.cut(image, map, align.width(), align.height(), p.name() + suffix),
          photographs.truth(p));
    }

    private double accuracy(Pipeline whole) {
      int right = 0;
      try (PipelineRunner chain = new PipelineRunner(whole, engine, device)) {
        for (Photograph p : held) {
          PipelineResult result = chain.run(p.frame().read(), Progress.NONE);
          boolean is =
              result.findings().stream()
                  .findFirst()
                  .flatMap(Finding::scores)
                  .filter(s -> s.best() == p.number())
                  .isPresent();
          if (is) right++;
        }
      }
      return (double) right / held.size();
    }
  }

  private record Quiet(Progress progress) implements Progress {
    @Override
    public void update(String message, long done, long total) {}

    @Override
    public boolean isCancelled() {
      return progress.isCancelled();
    }
  }
}
