package sc.fiji.spyhop.training.finetuning;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.Consumer;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.ClassImages;
import sc.fiji.spyhop.dataset.ImagePairs;
import sc.fiji.spyhop.dataset.ObjectDiameters;
import sc.fiji.spyhop.dataset.ReadableSamples;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.dataset.Splitter;
import sc.fiji.spyhop.dataset.ValueImages;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.MaskFiles;
import sc.fiji.spyhop.dataset.format.OverlapFiles;
import sc.fiji.spyhop.image.BoxPicture;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.ObjectSizes;
import sc.fiji.spyhop.network.Decoder;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.Surgery;
import sc.fiji.spyhop.network.UNet;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.BoxRegression;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.KeypointDetection;
import sc.fiji.spyhop.task.MultiLabelSegmentation;
import sc.fiji.spyhop.task.PixelTask;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.training.DetectionLesson;
import sc.fiji.spyhop.training.DetectionTraining;
import sc.fiji.spyhop.training.ImageInputs;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.training.TrainingRun;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Transfer;
import sc.fiji.spyhop.weights.Weights;

/**
 * What becomes of a model that goes on learning from annotated images: the same task goes on; for
 * other classes or numbers {@link FineTuning}; for label images, boxes or keypoints {@link
 * DecoderTuning}.
 *
 * <pre>
 * Model mine = Continuation.of(base, folder, new ImageFiles()).named("mine").epochs(20).train();
 * </pre>
 *
 * @param images annotated as for training from scratch
 * @param purpose absent: what the images are annotated with, and where that may be several things,
 *     what the base is for
 * @param names of what is learnt: labels 0, 1, ... of a segmentation, or the classes of images or
 *     boxes to learn; empty: objects, or what the base knows if nothing else is annotated, or all
 *     that is
 * @param objects classes of objects that are learnt; empty: those that the base knows, if it finds
 *     objects
 * @param severally whether classes do not exclude each other: an image may be of several, or of
 *     none; where the base or the images say so they do not in any case
 * @param splitter draws images that are not trained on
 * @param kept what of the base stays as it is
 */
public record Continuation(
    ModelTraining.About about,
    ModelTraining.Origin origin,
    Model base,
    Images images,
    Optional<Purpose> purpose,
    List<String> names,
    List<String> objects,
    boolean severally,
    Splitter splitter,
    Schedules schedules,
    Kept kept) {

  /**
   * How each kind of network is trained.
   *
   * @param head a new last layer
   * @param whole a network for whole images, in rounds
   * @param crops a network for segmentation
   * @param detection a network for boxes or keypoints
   * @param restoration a network that makes images of images
   */
  public record Schedules(
      TrainingOptions head,
      List<TrainingOptions> whole,
      TrainingOptions crops,
      TrainingOptions detection,
      TrainingOptions restoration) {}

  /** What is learned next. */
  public enum Purpose {
    /** Classes of images. */
    CLASSIFY,
    /** Numbers of images. */
    REGRESS,
    /** Objects, or classes of pixels. */
    SEGMENT,
    /** Boxes around objects. */
    LOCALIZE,
    /** Named points. */
    KEYPOINTS,
    /** Images of images. */
    RESTORE;

    /** What models for a task are for. */
    public static Purpose of(Task<?, ?> task) {
      return task.accept(
          new Task.FamilyVisitor<>() {
            @Override
            public Purpose image(ImageTask<?> of) {
              return of.givesProbabilities() ? CLASSIFY : REGRESS;
            }

            @Override
            public Purpose annotation(AnnotationTask of) {
              return LOCALIZE;
            }

            @Override
            public Purpose keypoints(KeypointDetection of) {
              return KEYPOINTS;
            }

            @Override
            public Purpose pixels(PixelTask<?> of) {
              return SEGMENT;
            }

            @Override
            public Purpose restoration(Restoration of) {
              return RESTORE;
            }
          });
    }
  }

  /**
   * A folder or file, an index of it and a subset if there are any, and who reads its images and
   * annotations.
   *
   * @param ignored label of pixels that nobody has labelled, besides what the data set says;
   *     negative: none
   */
  public record Images(
      Path folder,
      Optional<Path> index,
      Optional<String> subset,
      ImageReader reader,
      AnnotationFiles annotations,
      int ignored) {}

  /** Changes a trained network for segmentation carefully. */
  public static final TrainingOptions CROPS =
      TrainingOptions.DEFAULT.with().epochs(30).learningRate(3e-4).build();

  /** Changes a trained network that finds boxes or keypoints carefully. */
  public static final TrainingOptions DETECTION =
      TrainingOptions.DETECTION.with().epochs(30).learningRate(3e-4).build();

  /** Changes a trained network that restores images carefully. */
  public static final TrainingOptions RESTORATION =
      TrainingOptions.RESTORATION.with().epochs(30).learningRate(3e-4).build();

  /**
   * How fast a new decoder learns, and a backbone in shares of its own weights, as factors of the
   * rate at which a network for the same task goes on.
   */
  private static final double DECODER_RATE = 10;

  private static final double BACKBONE_RATE = 3;

  private static final int DECODER_CHANNELS = 64;
  private static final int DETAILS = 8;

  /** Pixels per cell of maps for boxes and for keypoints, where the backbone has them so fine. */
  private static final int BOX_STRIDE = 4;

  private static final int POINT_STRIDE = 2;

  /**
   * A model goes on learning from a folder of annotated images; all else has defaults that can be
   * changed.
   *
   * @param folder as for training from scratch: images with label images, annotations or folders
   *     for classes; or a file of annotations
   * @param reader who reads the images
   */
  public static ContinuationBuilder of(Model base, Path folder, ImageReader reader) {
    return new ContinuationBuilder(base, folder, reader);
  }

  /**
   * Looks at the images, and plans the training.
   *
   * @throws SpyhopException if the base cannot start what is asked for, a layer that is named is
   *     not there, or the folder does not hold such images
   */
  public TrainingRun plan(Progress progress) {
    if (!Files.exists(images.folder())) {
      Folders.require(images.folder(), "a folder of images, or a file of annotations");
    }
    base.requireLayers("it cannot be trained further");
    Purpose next = purpose.orElseGet(this::byDefault);
    if (images.ignored() >= 0 && next != Purpose.SEGMENT) {
      throw new SpyhopException(
          Strings.format(
              "A label to ignore (%d) goes with label images, from which nothing is learnt here: the"
                  + " task is %s. Leave it out, or name the task.",
              images.ignored(), next.name().toLowerCase(Locale.ROOT)));
    }
    if (!objects.isEmpty() && next != Purpose.SEGMENT) {
      throw new SpyhopException(
          Strings.format(
              "Classes of objects (%s) are learnt from outlined objects: the task is %s. Leave them"
                  + " out, or name the task.",
              String.join(", ", objects), next.name().toLowerCase(Locale.ROOT)));
    }
    return switch (next) {
      case CLASSIFY -> classification(progress);
      case REGRESS -> regression(progress);
      case SEGMENT -> segmentation(progress);
      case LOCALIZE -> detection(true, progress);
      case KEYPOINTS -> detection(false, progress);
      case RESTORE -> restoration(progress);
    };
  }

  private Purpose byDefault() {
    Path folder = images.folder();
    Purpose own = Purpose.of(base.spec().task());
    if (own == Purpose.RESTORE) return own;
    if (MaskFiles.areLabelImages(folder)) return Purpose.SEGMENT;
    if (own == Purpose.LOCALIZE || own == Purpose.KEYPOINTS) return own;
    boolean listed = images.index().isPresent() || Files.exists(folder.resolve("index.csv"));
    if (images.annotations().areIn(folder) && (own == Purpose.SEGMENT || !listed)) {
      return annotated(images.annotations().open(folder), own);
    }
    if (own != Purpose.SEGMENT) return own;
    return listed && !ClassImages.isIndex(images.index().orElse(folder.resolve("index.csv")))
        ? Purpose.REGRESS
        : Purpose.CLASSIFY;
  }

  /** Objects with outlines are to be segmented, unless only some have one. */
  private static Purpose annotated(AnnotatedSet set, Purpose own) {
    if (set.masks() > 0 && (own == Purpose.SEGMENT || set.masks() == set.boxes())) {
      return Purpose.SEGMENT;
    }
    return set.boxes() > 0 ? Purpose.LOCALIZE : Purpose.KEYPOINTS;
  }

  private TrainingRun classification(Progress progress) {
    boolean several =
        severally || base.spec().task() instanceof ClassTask known && !known.exclusive();
    ClassImages found =
        classes(names, several ? ClassImages.Labels.SEVERAL : ClassImages.Labels.AUTO);
    List<String> notes = new ArrayList<>(found.notes());
    if (base.spec().task() instanceof ClassTask c
        && c.exclusive() == found.exclusive()
        && isKnown(found.classes(), c.classes())) {
      List<String> without = new ArrayList<>(c.classes());
      without.removeAll(found.classes());
      if (!without.isEmpty()) {
        notes.add(
            Strings.format(
                "No image is of class %s, which the model may forget; show it some, or name the classes to learn.",
                String.join(", ", without)));
      }
      requireLossFor(c);
      ClassImages numbered = classes(c.classes(), ClassImages.Labels.of(c));
      return saying(notes, tuning(c, split(numbered, progress, notes)));
    }
    ClassTask wanted = found.task();
    requireLossFor(wanted);
    return saying(notes, tuning(wanted, split(found, progress, notes)));
  }

  private Split<ClassScores> split(ClassImages found, Progress progress, List<String> notes) {
    if (!found.exclusive()) notes.add(found.counts());
    return ReadableSamples.drawn(found.samples(), found.members(), splitter, progress, notes::add);
  }

  private ClassImages classes(List<String> known, ClassImages.Labels labels) {
    return ClassImages.read(
        images.folder(), images.index(), images.subset(), known, labels, images.reader());
  }

  /**
   * Whether a model goes on with what it knows: images to learn from, which may be few, need not
   * show all of it.
   */
  private boolean isKnown(List<String> found, List<String> known) {
    return names.isEmpty() ? known.containsAll(found) : known.equals(names);
  }

  private TrainingRun regression(Progress progress) {
    ValueImages found =
        ValueImages.read(
            images.folder(),
            images.index(),
            images.subset(),
            List.of(),
            splitter.grouping(),
            images.reader());
    requireLossFor(Regression.standard(found.names(), found.units()));
    List<String> notes = new ArrayList<>(found.notes());
    Split<RealValues> split =
        ReadableSamples.drawn(found.samples(), splitter, progress, notes::add);
    if (base.spec().task() instanceof Regression r
        && r.names().equals(found.names())
        && r.units().equals(found.units())) {
      return saying(notes, tuning(r, split));
    }
    List<RealValues> truth = new ArrayList<>();
    for (int i = 0; i < split.train().size(); i++) truth.add(split.train().get(i).truth());
    Regression wanted = Regression.of(found.names(), found.units(), truth);
    return saying(notes, tuning(wanted, split));
  }

  private void requireLossFor(Task<?, ?> task) {
    schedules.crops().requireLossFor(task);
  }

  /** The same, with some sentences first. */
  private static TrainingRun saying(List<String> notes, TrainingRun run) {
    return (engine, device, checkpoints, listener, progress) -> {
      notes.forEach(listener::message);
      return run.run(engine, device, checkpoints, listener, progress);
    };
  }

  private <T> TrainingRun tuning(ImageTask<T> wanted, Split<T> split) {
    FineTuning<T> tuning =
        new FineTuning<>(
            about, origin, base, wanted, split, schedules.head(), schedules.whole(), kept);
    tuning.check();
    requireNewLayers(wanted);
    return tuning;
  }

  /** Refuses to train new layers alone where there are none. */
  private void requireNewLayers(Task<?, ?> wanted) {
    if (!kept.allButHead() || !wanted.equals(base.spec().task())) return;
    throw new SpyhopException(
        "Model "
            + base.spec().name()
            + " goes on with its own task and gets no new layers, which alone are to be trained."
            + " Name the last layer to keep instead.");
  }

  /** A base that finds objects learns to tell their classes. */
  private TrainingRun classes(Progress progress) {
    InstanceSegmentation known = (InstanceSegmentation) base.spec().task();
    if (objects.size() < 2) {
      throw new SpyhopException(
          Strings.format(
              "Classes of objects: expected at least two names, since model %s finds objects, received %s.",
              base.spec().name(), String.join(", ", objects)));
    }
    boolean same = objects.equals(known.types());
    InstanceSegmentation wanted = same ? known : known.withClasses(objects);
    requireLossFor(wanted);
    MaskFiles found =
        MaskFiles.objects(
            images.annotations(),
            images.folder(),
            images.index(),
            images.subset(),
            objects,
            images.ignored());
    List<String> said = new ArrayList<>(found.problems());
    Split<LabelMap> split = ReadableSamples.drawn(found.samples(), splitter, progress, said::add);
    FurtherImages shown = FurtherImages.of(base.spec().input(), wanted, split, said::add, progress);
    if (same) return saying(said, further(wanted, shown.input(), shown.split(), schedules.crops()));
    ClassHead made = ClassHead.on(base.network(), known, wanted);
    Weights weights =
        Transfer.to(
            made.network(),
            Transfer.part(made.old(), base.weights()),
            Initialization.Scheme.HE,
            schedules.crops().seed());
    return saying(
        said,
        decoding(
            wanted,
            made.network(),
            made.old(),
            weights,
            shown.input(),
            shown.split(),
            schedules.crops()));
  }

  private TrainingRun segmentation(Progress progress) {
    Task<?, ?> before = base.spec().task();
    if (severally || before instanceof MultiLabelSegmentation) return overlapping(progress);
    boolean findsObjects = base.spec().task() instanceof InstanceSegmentation;
    if (!objects.isEmpty() && findsObjects) return classes(progress);
    List<String> named =
        !objects.isEmpty()
            ? List.of()
            : names.isEmpty() ? SegmentationFolder.classes(images.folder()) : names;
    Optional<PixelTask<?>> own =
        objects.isEmpty()
                && base.spec().task() instanceof PixelTask<?> s
                && (named.isEmpty() || named.equals(s.labelClasses()))
            ? Optional.of(s)
            : Optional.empty();
    List<String> classes = own.map(PixelTask::labelClasses).orElse(named);
    SegmentationTask wanted =
        named.isEmpty()
            ? InstanceSegmentation.of(objects.isEmpty() ? List.of("object") : objects)
            : new SemanticSegmentation(named, List.of(), images.ignored(), 1);
    requireLossFor(own.<Task<?, ?>>map(t -> t).orElse(wanted));
    MaskFiles found =
        classes.isEmpty()
            ? MaskFiles.objects(
                images.annotations(),
                images.folder(),
                images.index(),
                images.subset(),
                own.filter(t -> t instanceof InstanceSegmentation)
                    .map(t -> ((InstanceSegmentation) t).types())
                    .orElse(objects.size() > 1 ? objects : List.of()),
                images.ignored())
            : MaskFiles.classes(
                images.annotations(),
                images.folder(),
                images.index(),
                images.subset(),
                classes,
                own.filter(t -> t instanceof SemanticSegmentation && images.ignored() < 0)
                    .map(t -> ((SemanticSegmentation) t).ignored())
                    .orElse(images.ignored()));
    List<String> said = new ArrayList<>(found.problems());
    Split<LabelMap> split = ReadableSamples.drawn(found.samples(), splitter, progress, said::add);
    if (own.isPresent()) {
      FurtherImages shown =
          FurtherImages.of(base.spec().input(), own.get(), split, said::add, progress);
      return saying(said, further(own.get(), shown.input(), shown.split(), schedules.crops()));
    }
    return decoded(wanted, named.isEmpty(), split, said, progress);
  }

  /** Classes of pixels that may lie over each other. */
  private TrainingRun overlapping(Progress progress) {
    Optional<MultiLabelSegmentation> known =
        base.spec().task() instanceof MultiLabelSegmentation m ? Optional.of(m) : Optional.empty();
    OverlapFiles found = overlaps(names);
    List<String> said = new ArrayList<>(found.problems());
    Optional<MultiLabelSegmentation> own = known.filter(m -> isKnown(found.classes(), m.classes()));
    // bits of labels are numbered by the classes of the task
    OverlapFiles numbered =
        own.filter(m -> !m.classes().equals(found.classes()))
            .map(m -> overlaps(m.classes()))
            .orElse(found);
    MultiLabelSegmentation wanted = own.orElseGet(() -> MultiLabelSegmentation.of(found.classes()));
    requireLossFor(wanted);
    Split<LabelMap> split =
        ReadableSamples.drawn(numbered.samples(), splitter, progress, said::add);
    if (own.isEmpty()) return decoded(wanted, false, split, said, progress);
    FurtherImages shown = FurtherImages.of(base.spec().input(), wanted, split, said::add, progress);
    return saying(said, further(wanted, shown.input(), shown.split(), schedules.crops()));
  }

  private OverlapFiles overlaps(List<String> classes) {
    return OverlapFiles.read(
        images.annotations(), images.folder(), images.index(), images.subset(), classes);
  }

  /** A new decoder, or the base's with a new end. */
  private TrainingRun decoded(
      SegmentationTask wanted,
      boolean sized,
      Split<LabelMap> split,
      List<String> said,
      Progress progress) {
    Frame first = split.train().get(0).frame();
    boolean sameChannels = first.channels() == base.spec().input().channels();
    List<UNet.Head> heads =
        wanted.heads().stream()
            .map(h -> new UNet.Head(h.name(), h.channels(), h.activation()))
            .toList();
    // a base that tells something of each pixel has a decoder already
    boolean isDecoded = base.spec().task() instanceof SemanticSegmentation && sameChannels;
    Network known =
        isDecoded && !objects.isEmpty()
            ? Decoder.withoutHead(base.network())
            : Decoder.Backbone.of(base.network(), first.channels()).network();
    Network network =
        isDecoded && !objects.isEmpty()
            ? Decoder.withHeads(known, heads)
            : Decoder.atFullSize(
                Decoder.Backbone.of(base.network(), first.channels()),
                DECODER_CHANNELS,
                DETAILS,
                heads);
    ModelSpec.Input input =
        new ModelSpec.Input(
                Axes.NCHW,
                first.channels(),
                sameChannels ? base.spec().input().normalization() : new Normalization.ZScore(),
                ImageInputs.pixelSize(split.train(), progress))
            .withObjects(
                sized
                    ? ObjectSizes.of(
                        ObjectDiameters.of(split.train(), wanted::ignores, progress).together())
                    : ObjectSizes.UNKNOWN);
    Weights weights =
        Transfer.to(
            network,
            Transfer.part(known, base.weights()),
            Initialization.Scheme.HE,
            schedules.crops().seed());
    return saying(said, decoding(wanted, network, known, weights, input, split, schedules.crops()));
  }

  /** A base that restores images goes on with that; no other learns it. */
  private TrainingRun restoration(Progress progress) {
    if (!(base.spec().task() instanceof Restoration known)) {
      throw new SpyhopException(
          Strings.format(
              "Model %s is for %s: expected one for restoration to go on with it. Train a new one"
                  + " instead (train restore).",
              base.spec().name(), base.spec().task().kind()));
    }
    requireLossFor(known);
    ImagePairs found =
        known.blindSpots()
            ? ImagePairs.alone(images.folder(), images.index(), images.subset(), images.reader())
            : ImagePairs.read(
                images.folder(),
                ImagePairs.Places.ANY,
                images.index(),
                images.subset(),
                images.reader());
    List<String> notes = new ArrayList<>(found.notes());
    Split<Frame> split = ReadableSamples.drawn(found.samples(), splitter, progress, notes::add);
    return saying(
        notes,
        further(
            known,
            ImageInputs.goingOn(base.spec().input(), split.train(), notes::add, progress),
            split,
            schedules.restoration()));
  }

  private TrainingRun detection(boolean boxes, Progress progress) {
    AnnotatedSet set = images.annotations().open(images.folder(), images.index(), images.subset());
    Task<?, ?> known = base.spec().task();
    DetectionLesson lesson = boxes ? boxes(set) : keypoints(set);
    requireLossFor(lesson.task());
    List<String> notes = new ArrayList<>(lesson.set().problems().summary());
    Split<Annotation> split =
        lesson.samples(
            ReadableSamples.drawn(
                lesson.set().samples(images.reader()), splitter, progress, notes::add),
            progress);
    if (known instanceof AnnotationTask t
        && t.getClass() == lesson.task().getClass()
        && isKnown(lesson.task().names(), t.names())) {
      return saying(
          notes,
          further(t, input(t, lesson, split, notes::add, progress), split, schedules.detection()));
    }
    DetectionTraining.Plan plan =
        DetectionTraining.plan(
            split.train(),
            lesson.task(),
            base,
            lesson.fit(split.train()),
            schedules.detection().seed(),
            progress);
    Network backbone = Decoder.Backbone.of(base.network(), plan.input().channels()).network();
    return saying(
        notes,
        decoding(
            lesson.task(),
            plan.network(),
            backbone,
            plan.weights(),
            plan.input(),
            split,
            schedules.detection()));
  }

  /** How images are brought to a base that goes on with what it knows. */
  private ModelSpec.Input input(
      AnnotationTask known,
      DetectionLesson lesson,
      Split<Annotation> split,
      Consumer<String> said,
      Progress progress) {
    ModelSpec.Input input = ImageInputs.goingOn(base.spec().input(), split.train(), said, progress);
    ObjectSizes sizes = DetectionTraining.sizes(split.train(), known, input.fit());
    // images that show some of the classes only say nothing of the size of the others
    boolean all = lesson.task().names().containsAll(known.names());
    return all && sizes.isKnown() ? input.withObjects(sizes) : input;
  }

  /** A base that tells the one object of an image goes on with that. */
  private DetectionLesson boxes(AnnotatedSet set) {
    DetectionLesson any =
        DetectionLesson.boxes(set, names, Optional.of(stride(BOX_STRIDE)), Optional.empty());
    return base.spec().task() instanceof BoxRegression r && isKnown(any.task().names(), r.names())
        ? DetectionLesson.singleBox(set, r.names(), base.spec().input().fit().view(1, 1).width())
        : any;
  }

  /** A base that is shown objects in boxes goes on with that. */
  private DetectionLesson keypoints(AnnotatedSet set) {
    KeypointLayout drawn = set.keypoints();
    boolean known =
        base.spec().task() instanceof KeypointDetection k && k.names().containsAll(drawn.names());
    KeypointLayout layout = known ? ((KeypointDetection) base.spec().task()).layout() : drawn;
    Optional<Integer> stride = Optional.of(stride(POINT_STRIDE));
    return known && base.spec().input().fit() instanceof Resize.OfBox b
        ? DetectionLesson.keypointsInBoxes(
            set,
            layout,
            stride,
            Optional.empty(),
            new BoxPicture(b.margin(), b.width(), b.height()))
        : DetectionLesson.keypoints(set, layout, stride, Optional.empty(), Optional.empty());
  }

  /** The finest stride from one on that the backbone has. */
  private int stride(int wanted) {
    NavigableMap<Integer, String> scales = Surgery.scales(base.network());
    Integer stride = scales.ceilingKey(wanted);
    return stride == null ? scales.lastKey() : stride;
  }

  /** The same network goes on learning. */
  private <T> TrainingRun further(
      Task<T, ?> task, ModelSpec.Input input, Split<T> split, TrainingOptions options) {
    requireNewLayers(task);
    Freezing.requireLayers(base.network(), base.spec().name(), kept.upTo(), options);
    return ModelTraining.of(task, split)
        .about(about)
        .origin(origin)
        .network(base.network())
        .start(base.weights())
        .input(input)
        .options(
            Freezing.of(base.network(), base.network(), kept.statistics(), kept.upTo(), options))
        .build();
  }

  /** A new decoder learns on a backbone that has learned already. */
  private <T> TrainingRun decoding(
      Task<T, ?> task,
      Network network,
      Network backbone,
      Weights weights,
      ModelSpec.Input input,
      Split<T> split,
      TrainingOptions options) {
    Freezing.requireLayers(network, base.spec().name(), kept.upTo(), options);
    List<String> old = backbone.layers().stream().map(Layer::name).toList();
    List<String> frozen = new ArrayList<>(options.frozenLayers());
    frozen.addAll(old);
    Map<String, Double> rates = new HashMap<>();
    for (Parameter p : Parameters.of(network)) {
      if (!old.contains(p.layer())) rates.put(p.layer(), DECODER_RATE);
    }
    OwnRates.of(backbone, weights).forEach((at, size) -> rates.put(at, BACKBONE_RATE * size));
    options.rates().forEach((at, factor) -> rates.merge(at, factor, (a, b) -> a * b));
    ModelTraining<T> decoder =
        ModelTraining.of(task, split)
            .about(about)
            .origin(origin)
            .network(network)
            .start(weights)
            .input(input)
            .options(
                options
                    .with()
                    .epochs(
                        kept.allButHead() ? options.epochs() : Math.max(1, options.epochs() / 3))
                    .rates(rates)
                    .frozenLayers(frozen)
                    .build())
            .build();
    if (kept.allButHead()) return decoder;
    return new DecoderTuning<>(
        decoder,
        Freezing.of(
            network,
            backbone,
            kept.statistics(),
            kept.upTo(),
            options.with().rates(rates).build()));
  }
}
