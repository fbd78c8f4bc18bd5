package sc.fiji.spyhop.explain;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.ObjectClasses;
import sc.fiji.spyhop.prediction.Overlaps;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.BoxRegression;
import sc.fiji.spyhop.task.CandidateBoxes;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.KeypointDetection;
import sc.fiji.spyhop.task.Localization;
import sc.fiji.spyhop.task.MultiLabelSegmentation;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * The number that is asked about, for each kind of task: of a class, its probability; of a value,
 * the value; of an object that was localized, or a point, the height of the heat map there; of
 * pixels that were segmented, the mean over them.
 */
final class Subjects implements Task.Visitor<Subject> {

  private static final List<String> SIDES = List.of("x", "y", "width", "height");

  private final Network network;
  private final List<Tensor> outputs;
  private final Optional<String> name;
  private final Optional<Place> place;
  private final ImageSize shown;

  /**
   * @param outputs of the network for what it is shown
   * @param name of a class, value or point; absent: what is said most clearly
   * @param place where an object is; absent: wherever
   * @param shown size of what the network is shown
   */
  Subjects(
      Network network,
      List<Tensor> outputs,
      Optional<String> name,
      Optional<Place> place,
      ImageSize shown) {
    this.network = network;
    this.outputs = outputs;
    this.name = name;
    this.place = place;
    this.shown = shown;
  }

  /**
   * What can be asked about, by name.
   *
   * @throws SpyhopException if there is none of the name
   */
  static Optional<String> checked(Task<?, ?> task, String model, Optional<String> name) {
    List<String> known = task instanceof BoxRegression ? SIDES : task.names();
    Optional<String> asked = name.map(String::strip);
    if (asked.isEmpty() || known.contains(asked.get())) return asked;
    throw new SpyhopException(
        "Class: model "
            + model
            + " knows no \""
            + asked.get()
            + "\"; it knows "
            + String.join(", ", known)
            + ".");
  }

  private Subject subject(
      Task<?, ?> task, String what, Tensor weight, double offset, boolean reported) {
    return subject(task, what, 0, weight, offset, reported);
  }

  private Subject subject(
      Task<?, ?> task, String what, int head, Tensor weight, double offset, boolean reported) {
    Head of = task.heads().get(head);
    String logits = Ends.of(network, task).logits().get(of.logits());
    return new Subject(what, head, logits, weight, offset, reported);
  }

  private Tensor zeros() {
    return zeros(0);
  }

  private Tensor zeros(int head) {
    int[] shape = outputs.get(head).shape();
    shape[0] = 1;
    return Tensor.zeros(outputs.get(head).axes(), shape);
  }

  private Tensor one(int index, double factor) {
    Tensor weight = zeros();
    weight.data()[index] = (float) factor;
    return weight;
  }

  @Override
  public Subject classification(ClassTask task) {
    int foremost = foremost(task);
    int index = name.map(task.names()::indexOf).orElse(foremost);
    boolean reported = task.told(task.decode(outputs).get(0)).contains(index);
    return subject(task, task.names().get(index), one(index, 1), 0, reported);
  }

  private <T> int foremost(ImageTask<T> task) {
    return task.foremost(task.decode(outputs).get(0));
  }

  @Override
  public Subject regression(Regression task) {
    int index = name.map(task.names()::indexOf).orElse(0);
    return subject(
        task,
        task.names().get(index),
        one(index, task.deviations().get(index)),
        task.means().get(index),
        true);
  }

  @Override
  public Subject localization(Localization task) {
    if (task instanceof BoxRegression box) {
      int index = name.map(SIDES::indexOf).orElse(0);
      return subject(
          task,
          SIDES.get(index),
          one(index, box.deviations().get(index)),
          box.means().get(index),
          true);
    }
    if (task instanceof CandidateBoxes) {
      throw new SpyhopException(
          "Detectors of other programs cannot be explained: their boxes are not at places of a map.");
    }
    Optional<LocalizedObject> object =
        decoded(task).objects().stream()
            .filter(o -> name.isEmpty() || name.get().equals(o.type()))
            .filter(o -> place.isEmpty() || isThere(o.box()))
            .max(Comparator.comparingDouble(LocalizedObject::score));
    if (object.isEmpty()) return ofHighest(task, this::isAsked, this::isThere);
    double reach = 1.5 * task.stride();
    Box box = object.get().box();
    return ofHighest(
        task,
        object.get().type()::equals,
        (x, y) -> Math.abs(x - box.centerX()) <= reach && Math.abs(y - box.centerY()) <= reach);
  }

  @Override
  public Subject keypoints(KeypointDetection task) {
    return ofHighest(task, this::isAsked, this::isThere);
  }

  private boolean isAsked(String what) {
    return name.isEmpty() || name.get().equals(what);
  }

  private boolean isThere(double x, double y) {
    return place.isEmpty() || place.get().contains(x, y);
  }

  private boolean isThere(Box box) {
    return isThere(box.centerX(), box.centerY()) || place.get().isCentredIn(box);
  }

  /** Where a heat map is highest; where no cell is to be looked at, the one at the place. */
  private Subject ofHighest(
      AnnotationTask task, Predicate<String> names, BiPredicate<Double, Double> where) {
    Tensor heat = outputs.get(0);
    int stride = task.stride();
    int cells = heat.size('H') * heat.size('W');
    int best = -1;
    for (int i = 0; i < heat.length(); i++) {
      if (!names.test(task.names().get(i / cells))) continue;
      double x = (i % cells % heat.size('W') + 0.5) * stride;
      double y = (i % cells / heat.size('W') + 0.5) * stride;
      boolean higher = best < 0 || heat.data()[i] > heat.data()[best];
      if (higher && where.test(x, y)) best = i;
    }
    if (best < 0) {
      double[] middle = place.orElseThrow().middle();
      double u = cell(middle[0], stride, heat.size('W'));
      double v = cell(middle[1], stride, heat.size('H'));
      return ofHighest(task, names, (x, y) -> x == u && y == v);
    }
    boolean reported = heat.data()[best] >= task.threshold();
    return subject(task, task.names().get(best / cells), one(best, 1), 0, reported);
  }

  /** Centre of the cell that is the nearest along a side. */
  private static double cell(double at, int stride, int cells) {
    return (Math.max(0, Math.min(cells - 1, Math.floor(at / stride))) + 0.5) * stride;
  }

  @Override
  public Subject segmentation(SegmentationTask task) {
    if (task instanceof MultiLabelSegmentation) return several(task);
    Segmentation found = decoded(task);
    LabelMap labels = found.labels();
    boolean[] asked = place.map(p -> p.pixels(shown)).orElseGet(() -> everywhere(labels));
    Map<Integer, Integer> there = there(labels, asked);
    boolean objects = task.labelClasses().isEmpty();
    int label = objects ? object(found, there) : labelled(task, there);
    boolean known = there.containsKey(label) && (!objects || label > 0);
    int head = 0;
    int type = objects ? 0 : label;
    boolean reported = known;
    if (task instanceof InstanceSegmentation o && o.classed() && (known || name.isPresent())) {
      head = o.classPosition().orElseThrow();
      int said = known ? classOf(label, found) : ObjectClasses.UNKNOWN;
      type = name.map(o.classes()::indexOf).orElse(said);
      reported = type == said;
    }
    Tensor weight = zeros(head);
    int first = type * labels.size();
    int n = 0;
    for (int i = 0; i < labels.size(); i++) {
      boolean belongs = !known || labels.get(i) == label;
      boolean whole = objects && known;
      if (!belongs || !whole && !asked[i]) continue;
      weight.data()[first + i] = 1;
      n++;
    }
    for (int i = 0; i < labels.size(); i++) weight.data()[first + i] /= Math.max(1, n);
    boolean named = head > 0 || task.types().isEmpty();
    return subject(task, named ? task.classes().get(type) : "object", head, weight, 0, reported);
  }

  /** Of classes that do not exclude each other: that asked for, or the one that most is of. */
  private Subject several(SegmentationTask task) {
    LabelMap sets = decoded(task).labels();
    boolean[] asked = place.map(p -> p.pixels(shown)).orElseGet(() -> everywhere(sets));
    int[] pixels = new int[task.classes().size()];
    for (int i = 0; i < sets.size(); i++) {
      if (asked[i]) Overlaps.classes(sets.get(i)).forEach(c -> pixels[c]++);
    }
    int most = 0;
    for (int c = 1; c < pixels.length; c++) if (pixels[c] > pixels[most]) most = c;
    int type = name.map(task.classes()::indexOf).orElse(most);
    boolean known = pixels[type] > 0;
    Tensor weight = zeros(0);
    int n = 0;
    for (int i = 0; i < sets.size(); i++) {
      if (!asked[i] || known && !Overlaps.has(sets.get(i), type)) continue;
      weight.data()[type * sets.size() + i] = 1;
      n++;
    }
    for (int i = 0; i < sets.size(); i++) {
      weight.data()[type * sets.size() + i] /= Math.max(1, n);
    }
    return subject(task, task.classes().get(type), 0, weight, 0, known);
  }

  @Override
  public Subject restoration(Restoration task) {
    throw new SpyhopException(
        "Networks that make images of images say nothing that could be asked about: expected one that"
            + " classifies, measures, segments, localizes or finds keypoints.");
  }

  private static int classOf(int label, Segmentation found) {
    return found.classified().classes().of(label);
  }

  private static boolean[] everywhere(LabelMap labels) {
    boolean[] all = new boolean[labels.size()];
    Arrays.fill(all, true);
    return all;
  }

  /** How many pixels at the place are of each label. */
  private static Map<Integer, Integer> there(LabelMap labels, boolean[] asked) {
    Map<Integer, Integer> there = new HashMap<>();
    for (int i = 0; i < labels.size(); i++) {
      if (asked[i]) there.merge(labels.get(i), 1, Integer::sum);
    }
    return there;
  }

  /** The label of the object that most of the place is of, or else the surest; 0 for none. */
  private int object(Segmentation found, Map<Integer, Integer> there) {
    return found.segments().stream()
        .filter(s -> there.containsKey(s.label()))
        .max(
            place.isEmpty()
                ? Comparator.comparingDouble(Segment::probability)
                : Comparator.comparingInt(s -> there.get(s.label())))
        .map(Segment::label)
        .orElse(0);
  }

  /** The class asked for, or else the one that most is of; background if there is nothing else. */
  private int labelled(SegmentationTask task, Map<Integer, Integer> there) {
    if (name.isPresent()) return task.classes().indexOf(name.get());
    return there.keySet().stream()
        .filter(label -> label > 0)
        .max(Comparator.comparingInt(there::get))
        .orElse(0);
  }

  private <P> P decoded(Task<?, P> task) {
    Assembler<P> assembler = task.assembler(shown);
    assembler.add(new Tile(0, 0, shown.width(), shown.height()), outputs);
    return assembler.finish();
  }
}
