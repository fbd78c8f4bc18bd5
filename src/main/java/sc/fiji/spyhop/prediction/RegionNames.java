package sc.fiji.spyhop.prediction;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the regions of a segmentation are called.
 *
 * @param classes names of labels 0, 1, ...; empty if labels number objects
 * @param types names of the classes 0, 1, ... of objects; empty if these have no classes
 * @param kept those of the classes of objects that are looked for
 */
public record RegionNames(List<String> classes, List<String> types, KeptClasses kept) {

  /** Of objects without classes. */
  public static final RegionNames OBJECTS = new RegionNames(List.of(), List.of());

  /**
   * Copies the lists.
   *
   * @throws sc.fiji.spyhop.SpyhopException if what is looked for is not a class of objects
   */
  public RegionNames {
    classes = List.copyOf(classes);
    types = List.copyOf(types);
    kept.among(types);
  }

  /** Of which all are looked for. */
  public RegionNames(List<String> classes, List<String> types) {
    this(classes, types, KeptClasses.ALL);
  }

  /**
   * The same of which some are looked for.
   *
   * @throws sc.fiji.spyhop.SpyhopException if objects have no such class
   */
  public RegionNames only(KeptClasses those) {
    return new RegionNames(classes, types, those);
  }

  /** Whether a region is looked for. */
  public boolean keep(Segment region) {
    return kept.contain(of(region));
  }

  /** Of classes of pixels. */
  public static RegionNames ofClasses(List<String> classes) {
    return new RegionNames(classes, List.of());
  }

  /** Whether labels are those of classes of pixels. */
  public boolean areClasses() {
    return !classes.isEmpty();
  }

  /** Name of the class of a region; empty for an object without one. */
  public String of(Segment region) {
    if (!areClasses()) return region.classes().map(c -> types.get(c.best())).orElse("");
    int label = region.label();
    return label < classes.size() ? classes.get(label) : "class " + label;
  }

  /** How many objects are of each class that is looked for, also of those that none is of. */
  public Map<String, Long> count(Stream<Segment> objects) {
    Map<String, Long> counts = new LinkedHashMap<>();
    types.stream().filter(kept::contain).forEach(type -> counts.put(type, 0L));
    if (!types.isEmpty()) objects.forEach(o -> counts.merge(of(o), 1L, Long::sum));
    return counts;
  }
}
