package sc.fiji.spyhop.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Losses;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.diagnosis.Activity;
import sc.fiji.spyhop.training.diagnosis.Answers;
import sc.fiji.spyhop.training.diagnosis.Detector;
import sc.fiji.spyhop.training.diagnosis.Diagnostic;
import sc.fiji.spyhop.training.diagnosis.Evidence;
import sc.fiji.spyhop.training.diagnosis.EvidenceText;
import sc.fiji.spyhop.training.diagnosis.NotFinite;
import sc.fiji.spyhop.training.diagnosis.Symptom;
import sc.fiji.spyhop.training.diagnosis.Tally;
import sc.fiji.spyhop.training.sampling.Minibatch;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Weights;

/**
 * Describes in words what goes wrong with a training. After each epoch it shows the network the
 * last minibatch, and some of the validation images, for evidence; the {@link Detector}s judge it.
 * Knows no task: what answers are follows from the objectives.
 */
public final class Diagnostics implements TrainingObserver {

  /** Activations looked at, at most, in one go. */
  private static final long MAX_VALUES = 1 << 23;

  /** Values of a kernel whose change is measured, at most. */
  private static final int SAMPLED = 4096;

  private final Engine engine;
  private final Device device;
  private final Network network;
  private final List<Objective> objectives;
  private final List<String> classes;
  private final Set<String> frozen;
  private final Supplier<List<Minibatch>> validation;
  private final List<Diagnostic> standing;
  private final TrainingListener listener;

  private final List<Evidence> epochs = new ArrayList<>();
  private List<Double> losses = new ArrayList<>();
  private Map<String, float[]> before = Map.of();
  private boolean blind;

  /**
   * Looks on at a training, which goes on the same.
   *
   * @param classes names by number, for heads that tell as many classes apart; may be empty
   * @param frozen layers that are not trained
   * @param validation minibatches that are not trained on, without augmentation, always the same;
   *     asked for after every epoch; may be empty
   * @param standing what was found wrong before the training began
   */
  public Diagnostics(
      TrainingSetup setup,
      List<String> classes,
      Set<String> frozen,
      Supplier<List<Minibatch>> validation,
      List<Diagnostic> standing,
      TrainingListener listener) {
    this.engine = setup.engine();
    this.device = setup.device();
    this.network = setup.network();
    this.objectives = setup.objectives();
    this.classes = classes;
    this.frozen = frozen;
    this.validation = validation;
    this.standing = standing;
    this.listener = listener;
  }

  @Override
  public void beforeLastStep(Supplier<Weights> weights) {
    if (!blind) before = sample(weights.get());
  }

  @Override
  public void step(Trainer.Step made) {
    losses.add(made.loss());
  }

  @Override
  public List<Diagnostic> epoch(
      int number, double rate, Supplier<Weights> weights, Minibatch last) {
    List<Diagnostic> found = new ArrayList<>(standing);
    if (blind) return found;
    try {
      Weights now = weights.get();
      epochs.add(evidence(number, rate, now, last));
      losses = new ArrayList<>();
      for (Detector d : Detector.ALL) d.look(epochs).ifPresent(found::add);
    } catch (RuntimeException | OutOfMemoryError e) {
      blind = true; // to look must not end what is looked at
      listener.message(
          "Warning: the training cannot be watched for what may go wrong ("
              + e.getMessage()
              + "); it goes on all the same.");
    }
    return found;
  }

  @Override
  public String memory() {
    return EvidenceText.write(epochs);
  }

  @Override
  public void remember(String memory) {
    epochs.addAll(EvidenceText.read(memory));
  }

  private Evidence evidence(int number, double rate, Weights now, Minibatch last) {
    try (Predictor predictor = engine.predictor(network, now, device)) {
      Minibatch probe = part(last);
      List<String> relus = relus();
      Map<String, Tensor> seen =
          predictor.activations(probe.inputs(), layers(relus, objectiveLayers()));
      List<Activity> activities =
          relus.stream().map(layer -> Activity.of(layer, seen.get(layer))).toList();
      List<Tally> training = tallies();
      count(training, seen, probe);
      List<Tally> judged = tallies();
      List<Minibatch> minibatches = validation.get();
      double loss = 0;
      for (Minibatch m : minibatches) {
        Map<String, Tensor> said = predictor.activations(m.inputs(), objectiveLayers());
        count(judged, said, m);
        loss += loss(said, m) / minibatches.size();
      }
      if (!minibatches.isEmpty()) listener.validationLoss(loss);
      return new Evidence(
          number,
          losses,
          rate,
          updateRatio(sample(now)),
          activities,
          answers(training),
          answers(judged),
          minibatches.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(loss));
    }
  }

  private Set<String> objectiveLayers() {
    return objectives.stream().map(Objective::layer).collect(Collectors.toSet());
  }

  private static Set<String> layers(List<String> some, Set<String> more) {
    Set<String> all = new java.util.LinkedHashSet<>(some);
    all.addAll(more);
    return all;
  }

  private List<String> relus() {
    return network.layers().stream()
        .filter(l -> l instanceof Activation a && a.function() == Layer.Function.RELU)
        .map(Layer::name)
        .toList();
  }

  /** Of all feature maps, for what a minibatch holds. */
  private Map<String, Shape> shapes(Minibatch minibatch) {
    Map<String, Shape> inputs = new LinkedHashMap<>();
    minibatch
        .inputs()
        .forEach(
            (name, t) -> {
              int[] shape = t.shape();
              inputs.put(
                  name,
                  new Shape(shape[1], Arrays.stream(shape, 2, shape.length).boxed().toList()));
            });
    return Shapes.of(network, inputs);
  }

  /** As many samples as activations have room for; at least one. */
  private Minibatch part(Minibatch whole) {
    int samples = whole.names().size();
    Map<String, Shape> shapes = shapes(whole);
    long values = 0;
    for (String layer : layers(relus(), objectiveLayers())) {
      Shape shape = shapes.get(layer);
      long size = shape.channels();
      for (int length : shape.space()) size *= length;
      values += size;
    }
    int count = (int) Math.max(1, Math.min(samples, MAX_VALUES / Math.max(1, values)));
    if (count == samples) return whole;
    Map<String, Tensor> some = new LinkedHashMap<>();
    whole.inputs().forEach((name, t) -> some.put(name, t.slice(0, count)));
    Map<String, Target> targets = new LinkedHashMap<>();
    whole
        .targets()
        .forEach(
            (layer, t) ->
                targets.put(
                    layer,
                    new Target(
                        t.values().slice(0, count), t.weights().map(w -> w.slice(0, count)))));
    return new Minibatch(some, targets, whole.names().subList(0, count));
  }

  /** One for each layer that the objectives look at. */
  private List<Tally> tallies() {
    Map<String, Tally> byLayer = new LinkedHashMap<>();
    for (Objective o : objectives) {
      Tally.of(o, classes).ifPresent(t -> byLayer.putIfAbsent(o.layer(), t));
    }
    return List.copyOf(byLayer.values());
  }

  private static void count(List<Tally> tallies, Map<String, Tensor> said, Minibatch m) {
    for (Tally t : tallies) t.add(said.get(t.layer()), m.targets().get(t.layer()), m.names());
  }

  private static List<Answers> answers(List<Tally> tallies) {
    return tallies.stream().map(Tally::answers).flatMap(Optional::stream).toList();
  }

  private double loss(Map<String, Tensor> said, Minibatch m) {
    double loss = 0;
    for (Objective o : objectives) {
      Tensor activations = said.get(o.layer());
      loss +=
          o.weight()
              * Losses.evaluate(
                  o.loss(),
                  activations,
                  m.targets().get(o.layer()),
                  new float[activations.length()]);
    }
    return loss;
  }

  /** Some values of each kernel that is trained; biases and the like begin at zero and say less. */
  private Map<String, float[]> sample(Weights weights) {
    Map<String, float[]> samples = new LinkedHashMap<>();
    weights
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (tensor.rank() < 2 || frozen.contains(layer(name))) return;
              float[] all = tensor.data();
              int step = Math.max(1, all.length / SAMPLED);
              float[] some = new float[(all.length + step - 1) / step];
              for (int i = 0; i < some.length; i++) some[i] = all[i * step];
              samples.put(name, some);
            });
    return samples;
  }

  /** Layer that a parameter belongs to. */
  private static String layer(String parameter) {
    return parameter.substring(0, parameter.lastIndexOf('.'));
  }

  private double updateRatio(Map<String, float[]> now) {
    double[] ratios =
        before.entrySet().stream()
            .mapToDouble(
                e -> {
                  float[] was = e.getValue();
                  float[] is = now.get(e.getKey());
                  double change = 0;
                  double norm = 0;
                  for (int i = 0; i < was.length; i++) {
                    change += ((double) is[i] - was[i]) * ((double) is[i] - was[i]);
                    norm += (double) was[i] * was[i];
                  }
                  return norm == 0 ? Double.NaN : Math.sqrt(change / norm);
                })
            .filter(r -> !Double.isNaN(r))
            .sorted()
            .toArray();
    return ratios.length == 0 ? Double.NaN : ratios[ratios.length / 2];
  }

  @Override
  public Optional<Diagnostic> notFinite(Trainer.Step made, Weights weights, Minibatch minibatch) {
    try (Predictor predictor = engine.predictor(network, weights, device)) {
      NotFinite.Place place =
          NotFinite.locate(
              network,
              weights,
              objectives,
              minibatch.inputs(),
              minibatch.targets(),
              layer -> predictor.activations(minibatch.inputs(), List.of(layer)).get(layer));
      return Optional.of(wrongArithmetic(place.layer(), minibatch).orElse(place.finding()));
    } catch (RuntimeException | OutOfMemoryError e) {
      return Optional.empty(); // that it ended is told all the same
    }
  }

  /** Whether the engine is to blame, which the next training would then not take. */
  private Optional<Diagnostic> wrongArithmetic(Optional<String> layer, Minibatch minibatch) {
    return Engines.recheck(engine, device, network, layer, shapes(minibatch))
        .map(
            fault ->
                new Diagnostic(
                    Symptom.WRONG_ARITHMETIC,
                    Strings.format(
                        "The cause is neither the images nor the settings: %s computes wrong on this machine, %s.",
                        engine.library().name(), fault),
                    "Train anew: another engine will be used. Please report what \"spyhop"
                        + " engines\" or \"Spyhop Engines\" in the menu shows."));
  }
}
