package sc.fiji.spyhop.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.ClassImages;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.dataset.ValueImages;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Decoder;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.UNet;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Transfer;

/**
 * What becomes of a model that goes on learning from a folder of annotated images: the same task
 * goes on; for other classes or numbers {@link FineTuning}; for label images a decoder is put on
 * the trunk of a model that classifies or measures.
 *
 * @param images annotated as for training from scratch
 * @param purpose absent: segmentation if the folder holds images and labels, else the base's own
 * @param pixelClasses names of labels 0, 1, ... for a new segmentation; empty: it finds objects
 * @param validation share of the images that is not trained on, in [0, 1)
 * @param head how a new head is trained
 * @param whole how all of a network for whole images is trained
 * @param crops how a network for segmentation is trained
 * @param onlyHead whether only what is new is trained, a last layer or a decoder
 * @param keepStatistics see {@link FineTuning}; of segmentation, for batch norms of the base
 * @param from layer that stays as it is, with all that leads to it; absent: none
 */
public record Continuation(
    ModelTraining.About about,
    ModelTraining.Origin origin,
    Model base,
    Images images,
    Optional<Purpose> purpose,
    List<String> pixelClasses,
    double validation,
    TrainingOptions head,
    TrainingOptions whole,
    TrainingOptions crops,
    boolean onlyHead,
    boolean keepStatistics,
    Optional<String> from) {

  /** What is learned next. */
  public enum Purpose {
    CLASSIFY,
    REGRESS,
    SEGMENT
  }

  /** A folder, an index of it and a subset if there are any, and who reads its images. */
  public record Images(
      Path folder, Optional<Path> index, Optional<String> subset, ImageReader reader) {}

  /** Changes a trained network for segmentation carefully. */
  public static final TrainingOptions CROPS =
      TrainingOptions.DEFAULT.with().epochs(30).learningRate(3e-4).build();

  /** How fast a new decoder learns, as a factor of the rate of what has learned before. */
  private static final double DECODER_RATE = 10;

  private static final int DECODER_CHANNELS = 64;
  private static final int DETAILS = 8;

  /**
   * Looks at the folder, and plans the training.
   *
   * @throws SpyhopException if the base cannot start what is asked for, a layer that is named is
   *     not there, or the folder does not hold such images
   */
  public TrainingRun plan() {
    Purpose next = purpose.orElseGet(this::usual);
    boolean segments = base.spec().task() instanceof SegmentationTask;
    if (segments && next != Purpose.SEGMENT) {
      throw new SpyhopException(
          "Model %s is for %s and cannot start a model that classifies or measures."
              .formatted(base.spec().name(), base.spec().task().kind()));
    }
    if (segments && !pixelClasses.isEmpty()) {
      throw new SpyhopException(
          "Model %s knows what its labels mean and keeps that: expected no classes, received %s."
              .formatted(base.spec().name(), String.join(", ", pixelClasses)));
    }
    return switch (next) {
      case CLASSIFY -> classification();
      case REGRESS -> regression();
      case SEGMENT -> segmentation();
    };
  }

  private Purpose usual() {
    if (base.spec().task() instanceof SegmentationTask || holdsLabelImages(images.folder())) {
      return Purpose.SEGMENT;
    }
    return base.spec().task() instanceof Regression ? Purpose.REGRESS : Purpose.CLASSIFY;
  }

  private static boolean holdsLabelImages(Path folder) {
    return Files.isDirectory(folder.resolve("images"))
        && (Files.isDirectory(folder.resolve("labels"))
            || Files.isDirectory(folder.resolve("masks")));
  }

  private TrainingRun classification() {
    List<String> known = base.spec().task() instanceof Classification c ? c.classes() : List.of();
    ClassImages found =
        ClassImages.read(
            images.folder(), images.index(), images.subset(), List.of(), images.reader());
    Classification wanted =
        found.classes().equals(known)
            ? (Classification) base.spec().task()
            : Classification.of(found.classes());
    return tuning(wanted, found.split(validation, whole.seed()));
  }

  private TrainingRun regression() {
    ValueImages found =
        ValueImages.read(
            images.folder(), images.index(), images.subset(), List.of(), images.reader());
    Split<RealValues> split = Split.byImage(found.samples(), validation, whole.seed());
    if (base.spec().task() instanceof Regression r
        && r.names().equals(found.names())
        && r.units().equals(found.units())) {
      return tuning(r, split);
    }
    List<RealValues> truth = new ArrayList<>();
    for (int i = 0; i < split.train().size(); i++) truth.add(split.train().get(i).truth());
    return tuning(Regression.of(found.names(), found.units(), truth), split);
  }

  private <T> TrainingRun tuning(ImageTask<T> wanted, Split<T> split) {
    FineTuning<T> tuning =
        new FineTuning<>(
            about,
            origin,
            base,
            wanted,
            split.train(),
            split.validation(),
            head,
            whole,
            onlyHead,
            keepStatistics,
            from);
    tuning.check();
    return tuning;
  }

  private TrainingRun segmentation() {
    Split<LabelMap> split =
        Split.byImage(
            SegmentationFolder.read(
                images.folder(), images.index(), images.subset(), images.reader()),
            validation,
            crops.seed());
    if (base.spec().task() instanceof SegmentationTask s) {
      return training(s, base.network(), base, base.spec().input(), split, crops);
    }
    Frame first = split.train().get(0).frame();
    SegmentationTask wanted =
        pixelClasses.isEmpty()
            ? InstanceSegmentation.of("object")
            : new SemanticSegmentation(pixelClasses, List.of(), -1, 1);
    Network network =
        Decoder.atFullSize(
            Decoder.Trunk.of(base.network(), first.channels()),
            DECODER_CHANNELS,
            DETAILS,
            wanted.heads().stream()
                .map(h -> new UNet.Head(h.name(), h.channels(), h.activation()))
                .toList());
    boolean sameChannels = first.channels() == base.spec().input().channels();
    ModelSpec.Input input =
        new ModelSpec.Input(
            Axes.NCHW,
            first.channels(),
            sameChannels ? base.spec().input().normalization() : new Normalization.ZScore(),
            first.pixelSize());
    return training(wanted, network, base, input, split, slowTrunk(network));
  }

  /** The trunk has learned already; the decoder has everything to learn. */
  private TrainingOptions slowTrunk(Network network) {
    Set<String> trunk = Transfer.kept(network, base.weights());
    Map<String, Double> rates = new HashMap<>();
    for (Parameter p : Parameters.of(network)) {
      if (!trunk.contains(p.layer())) rates.put(p.layer(), DECODER_RATE);
    }
    rates.putAll(crops.rates());
    List<String> frozen = new ArrayList<>(crops.frozenLayers());
    if (onlyHead) frozen.addAll(trunk);
    return crops.with().rates(rates).frozenLayers(frozen).build();
  }

  private TrainingRun training(
      SegmentationTask wanted,
      Network network,
      Model start,
      ModelSpec.Input input,
      Split<LabelMap> split,
      TrainingOptions options) {
    Freezing.requireLayers(network, base.spec().name(), from, crops);
    return new ModelTraining<>(
        about,
        origin,
        wanted,
        network,
        Optional.of(
            Transfer.to(network, start.weights(), Initialization.Scheme.HE, options.seed())),
        input,
        split.train(),
        split.validation(),
        Freezing.of(network, start.network(), keepStatistics, from, options));
  }
}
