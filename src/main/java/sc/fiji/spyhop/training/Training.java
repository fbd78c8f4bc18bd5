package sc.fiji.spyhop.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Augmenter;
import sc.fiji.spyhop.dataset.BoundedCache;
import sc.fiji.spyhop.dataset.CropSampler;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Patch;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Intensity;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.TiledPrediction;
import sc.fiji.spyhop.image.Tiles;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkJson;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.Assembler;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.Score;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * Trains a network that segments. Crops are drawn, varied and encoded in a thread of their own
 * while the engine learns; after each epoch, whole validation images are predicted and scored.
 *
 * @param network with one input, and the outputs that the task's heads ask for
 * @param weights to begin with
 * @param validation may be empty: then the loss decides which network is the best
 */
public record Training(
    Network network,
    Weights weights,
    SegmentationTask task,
    Normalization normalization,
    Dataset<LabelMap> train,
    Dataset<LabelMap> validation,
    TrainingOptions options) {

  private static final int VALIDATION_TILE = 512;
  private static final int FEWEST_STEPS = 20;

  /**
   * Trains until all epochs are done, patience is over, the user cancels or numbers overflow; in
   * each case the best network so far is in the result.
   *
   * @param listener told after each epoch
   * @param progress shows the share of all steps done and the time left; can cancel
   * @throws SpyhopException before any work if the images cannot be trained on: none, unreadable,
   *     sizes or channels that do not fit, or truth that shows one class only
   */
  public TrainingResult run(
      Engine engine,
      Device device,
      Checkpoints checkpoints,
      TrainingListener listener,
      Progress progress) {
    CheckpointStore store = new CheckpointStore(checkpoints, options, subject(), listener);
    Images images = new Images(this, listener, progress);
    int stepsPerEpoch =
        options.stepsPerEpoch() > 0 ? options.stepsPerEpoch() : images.stepsPerEpoch();
    listener.message(
        "Training on %s, %d %s; validating on %s; %d epochs of %d minibatches of %d crops of %d x %d pixels; %s."
            .formatted(
                count(train.size(), "image"),
                images.objects,
                isInstances() ? "objects" : "regions",
                count(validation.size(), "image"),
                options.epochs(),
                stepsPerEpoch,
                options.batch(),
                options.crop(),
                options.crop(),
                device));
    TrainingLoop.Validation scoring =
        (w, p) -> {
          try (Predictor predictor = engine.predictor(network, w, device)) {
            return images.score(predictor, p);
          }
        };
    return new TrainingLoop(
            engine,
            device,
            network,
            task.objectives(),
            options,
            stepsPerEpoch,
            images,
            validation.size() > 0 ? Optional.of(scoring) : Optional.empty(),
            store,
            listener,
            progress)
        .run(weights);
  }

  private Map<String, String> subject() {
    Map<String, String> subject = new LinkedHashMap<>();
    subject.put("task", task.toString());
    subject.put("normalization", normalization.toString());
    subject.put("network", Integer.toHexString(NetworkJson.write(network).hashCode()));
    subject.put("training images", names(train));
    subject.put("validation images", names(validation));
    return subject;
  }

  private static String names(Dataset<?> set) {
    return set.size() + " of checksum " + Integer.toHexString(set.names().hashCode());
  }

  private static String count(int n, String what) {
    return n == 0 ? "no " + what + "s" : n + " " + what + (n == 1 ? "" : "s");
  }

  private boolean isInstances() {
    return task instanceof InstanceSegmentation;
  }

  /** The images as the loop needs them. */
  private static final class Images implements Minibatch.Source {
    private final Training job;
    private final TrainingOptions options;
    private final String input;
    private final Augmenter augmenter;
    private final CropSampler sampler;
    private final int objects;
    private final long area;
    private final int halo;
    private final int multiple;
    private final BoundedCache<Integer, Patch> prepared =
        new BoundedCache<>(
            Runtime.getRuntime().maxMemory() / 4,
            p -> 4L * p.pixels().length() + 2L * p.truth().size());

    Images(Training job, TrainingListener listener, Progress progress) {
      this.job = job;
      this.options = job.options;
      this.input = job.network.inputs().get(0).name();
      this.augmenter = new Augmenter(options.augmentation(), options.crop(), job.isInstances());
      checkNetwork();
      ReceptiveField field = ReceptiveField.of(job.network);
      this.halo = Collections.max(field.halo());
      this.multiple = field.sizeMultiple().stream().reduce(1, Images::commonMultiple);
      if (job.train.size() == 0) {
        throw new SpyhopException(
            "The training set is empty: expected at least one image with its label image.");
      }
      int ignored = job.task instanceof SemanticSegmentation s ? s.ignored() : -1;
      CropSampler.Builder places = new CropSampler.Builder(job.isInstances(), ignored);
      Set<Integer> labels = new TreeSet<>();
      boolean plain = true;
      long pixels = 0;
      List<String> problems = new ArrayList<>();
      int all = job.train.size() + job.validation.size();
      for (int i = 0; i < job.train.size(); i++) {
        progress.checkCancelled();
        progress.update("Reading images", i, all);
        try {
          LabelMap truth = prepared(i).truth();
          Set<Integer> here = new TreeSet<>();
          for (int k = 0; k < truth.size(); k++) {
            if (truth.get(k) != ignored) here.add(truth.get(k));
          }
          check(job.train.names().get(i), here);
          labels.addAll(here);
          plain &= here.size() < 2;
          pixels += truth.size();
          places.add(truth);
        } catch (SpyhopException e) {
          problems.add(clause(job.train.names().get(i), e));
        }
      }
      for (int i = 0; i < job.validation.size(); i++) {
        progress.checkCancelled();
        progress.update("Reading images", job.train.size() + i, all);
        try {
          Sample<LabelMap> sample = job.validation.get(i);
          requireChannels(sample.frame());
        } catch (SpyhopException e) {
          problems.add(clause(job.validation.names().get(i), e));
        }
      }
      progress.update("Reading images", all, all);
      SegmentationFolder.throwIfAny(
          problems, problems.size() + " of " + all + " images cannot be used");
      requireVariety(labels, plain);
      this.sampler = places.build(options.crop(), options.objectShare());
      this.objects = places.objects();
      this.area = pixels;
    }

    private void checkNetwork() {
      if (job.network.inputs().size() != 1) {
        throw new SpyhopException(
            "Training: expected a network with one input, received one with "
                + job.network.inputs().size()
                + ".");
      }
      Set<String> layers = new TreeSet<>();
      job.network.layers().forEach(layer -> layers.add(layer.name()));
      for (Objective objective : job.task.objectives()) {
        if (!layers.contains(objective.layer())) {
          throw new SpyhopException(
              "Training: the network does not fit the task, which expects a layer named "
                  + objective.layer()
                  + ".");
        }
      }
      Shape declared = job.network.inputs().get(0).shape();
      Shapes.of(
          job.network,
          Map.of(input, Shape.of(declared.channels(), options.crop(), options.crop())));
    }

    private static int commonMultiple(int a, int b) {
      int common = Math.max(a, b);
      while (common % a != 0 || common % b != 0) common++;
      return common;
    }

    private static String clause(String name, SpyhopException e) {
      String message = e.getMessage().replaceAll("\\.$", "");
      return message.contains(name) ? message : name + ": " + message;
    }

    private void requireChannels(Frame frame) {
      int expected = job.network.inputs().get(0).shape().channels();
      if (frame.channels() != expected) {
        throw new SpyhopException(
            "%s has %d channels, but the network takes %d"
                .formatted(frame.name(), frame.channels(), expected));
      }
    }

    private void check(String name, Set<Integer> labels) {
      if (!(job.task instanceof SemanticSegmentation semantic)) return;
      for (int label : labels) {
        if (label >= semantic.classes().size()) {
          throw new SpyhopException(
              name
                  + " has label "
                  + label
                  + ", but there are only the classes 0 to "
                  + (semantic.classes().size() - 1));
        }
      }
    }

    private void requireVariety(Set<Integer> labels, boolean plain) {
      if (job.isInstances() ? !plain : labels.size() > 1) return;
      throw new SpyhopException(
          "Nothing to learn: every training label image shows one value only ("
              + String.join(", ", labels.stream().limit(5).map(String::valueOf).toList())
              + "). Expected 0 for background and "
              + (job.isInstances()
                  ? "another number for each object."
                  : "at least one other class."));
    }

    int stepsPerEpoch() {
      double crops = (double) area / ((double) options.crop() * options.crop());
      return (int) Math.max(FEWEST_STEPS, Math.min(100_000, Math.round(crops / options.batch())));
    }

    private Patch prepared(int index) {
      return prepared.get(index, this::prepare);
    }

    private Patch prepare(int index) {
      Sample<LabelMap> sample = job.train.get(index);
      requireChannels(sample.frame());
      return new Patch(
          pixels(sample.frame(), job.normalization.fit(sample.frame())), sample.truth());
    }

    @Override
    public Minibatch make(int epoch, int index) {
      Tensor[] pixels = new Tensor[options.batch()];
      Map<String, Tensor[]> values = new LinkedHashMap<>();
      Map<String, Tensor[]> weights = new LinkedHashMap<>();
      List<String> names = new ArrayList<>();
      for (int k = 0; k < options.batch(); k++) {
        SplittableRandom random =
            new SplittableRandom(
                mix(mix(mix(options.seed()) + epoch) + (long) index * options.batch() + k));
        CropSampler.Site site = sampler.draw(i -> prepared(i).truth(), random);
        Patch patch = augmenter.apply(prepared(site.image()), site.x(), site.y(), random);
        names.add(job.train.names().get(site.image()));
        pixels[k] = patch.pixels();
        int at = k;
        job.task
            .encode(patch.truth())
            .forEach(
                (layer, target) -> {
                  values.computeIfAbsent(layer, l -> new Tensor[options.batch()])[at] =
                      target.values();
                  target
                      .weights()
                      .ifPresent(
                          w ->
                              weights.computeIfAbsent(layer, l -> new Tensor[options.batch()])[at] =
                                  w);
                });
      }
      Map<String, Target> targets = new LinkedHashMap<>();
      values.forEach(
          (layer, parts) ->
              targets.put(
                  layer,
                  new Target(
                      Tensor.concatenate(parts),
                      Optional.ofNullable(weights.get(layer)).map(Tensor::concatenate))));
      return new Minibatch(Map.of(input, Tensor.concatenate(pixels)), targets, names);
    }

    /** Spreads seeds that lie close together (SplitMix64, Steele et al. 2014). */
    private static long mix(long seed) {
      long z = seed + 0x9E3779B97F4A7C15L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      return z ^ (z >>> 31);
    }

    Score score(Predictor predictor, Progress progress) {
      List<LabelMap> predicted = new ArrayList<>();
      List<LabelMap> truth = new ArrayList<>();
      Progress quiet =
          new Progress() {
            @Override
            public void update(String message, long done, long total) {}

            @Override
            public boolean isCancelled() {
              return progress.isCancelled();
            }
          };
      for (int i = 0; i < job.validation.size(); i++) {
        progress.checkCancelled();
        Sample<LabelMap> sample = job.validation.get(i);
        Frame frame = sample.frame();
        Assembler assembler = job.task.assembler(frame.width(), frame.height());
        TiledPrediction.run(
            frame,
            job.normalization.fit(frame),
            Tiles.plan(frame.width(), frame.height(), VALIDATION_TILE, job.task.overlap()),
            halo,
            multiple,
            t -> predictor.predict(Map.of(input, t)),
            quiet,
            assembler::add);
        predicted.add(assembler.finish().labels());
        truth.add(sample.truth());
      }
      return job.task.score(predicted, truth);
    }
  }

  private static Tensor pixels(Frame frame, Intensity intensity) {
    int width = frame.width();
    int height = frame.height();
    float[] data =
        new float[Math.multiplyExact(Math.multiplyExact(width, height), frame.channels())];
    var cursor = net.imglib2.view.Views.flatIterable(frame.pixels()).cursor();
    for (int i = 0; i < data.length; i++) data[i] = cursor.next().getRealFloat();
    intensity.apply(data, frame.channels());
    return new Tensor(Axes.NCHW, new int[] {1, frame.channels(), height, width}, data);
  }
}
