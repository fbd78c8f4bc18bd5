package sc.fiji.spyhop.exchange.torch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/** The tensors of a network, by name, of what a pickle holds. */
final class StateDict {

  /** Under which checkpoints keep the weights, best first. */
  private static final List<String> WITHIN =
      List.of(
          "state_dict",
          "model_state_dict",
          "model_state",
          "model",
          "net",
          "network",
          "weights",
          "network_weights");

  /** Of a TorchScript object what is no part of a network. */
  private static final Set<String> NO_PARTS =
      Set.of("training", "_is_full_backward_hook", "_backward_hooks", "_forward_hooks");

  private static final int MAX_TENSORS = 100_000;

  private static final int MAX_DEPTH = 40;

  private final Map<String, Pickled.View> views = new LinkedHashMap<>();
  private final Map<String, String> modules = new LinkedHashMap<>();
  private int visited;

  private StateDict() {}

  /**
   * Classes of a TorchScript module, by the empty path, and of those within it, by their paths;
   * empty for others.
   */
  static Map<String, String> modules(Pickled tree) {
    StateDict dict = new StateDict();
    if (tree instanceof Pickled.Instance module) {
      dict.modules.put("", module.type());
      dict.collectModule("", module, 0);
    }
    return dict.modules;
  }

  /** Which of several sets of weights of a checkpoint is taken, in a sentence; else nothing. */
  static Optional<String> choice(Pickled tree) {
    if (!(tree instanceof Pickled.Dictionary checkpoint) || hasTensors(checkpoint)) {
      return Optional.empty();
    }
    List<String> sets =
        checkpoint.entries().entrySet().stream()
            .filter(e -> e.getValue() instanceof Pickled.Dictionary d && hasTensors(d))
            .map(Map.Entry::getKey)
            .toList();
    Optional<String> taken = WITHIN.stream().filter(sets::contains).findFirst();
    if (sets.size() < 2) return Optional.empty();
    return taken.map(
        name ->
            Strings.format(
                "Of the sets of weights in the file (%s) that of \"%s\" was taken.",
                sets.stream().limit(10).map(Strings::visible).collect(Collectors.joining(", ")),
                name));
  }

  /**
   * The tensors, in order.
   *
   * @throws SpyhopException if there are none, or more than a network has
   */
  static Map<String, Pickled.View> of(Pickled tree) {
    StateDict dict = new StateDict();
    if (tree instanceof Pickled.Instance module) {
      dict.collectModule("", module, 0);
    } else if (tree instanceof Pickled.Dictionary dictionary) {
      dict.collect(weightsIn(dictionary));
    }
    if (!dict.views.isEmpty()) return dict.views;
    throw new SpyhopException(
        "expected the weights of a network, a dictionary of tensors, and there are none."
            + " Save them with torch.save(model.state_dict(), file).");
  }

  private static Pickled.Dictionary weightsIn(Pickled.Dictionary checkpoint) {
    if (hasTensors(checkpoint)) return checkpoint;
    for (String name : WITHIN) {
      if (checkpoint.entries().get(name) instanceof Pickled.Dictionary d && hasTensors(d)) return d;
    }
    return checkpoint;
  }

  private static boolean hasTensors(Pickled.Dictionary dictionary) {
    return dictionary.entries().values().stream().anyMatch(Pickled.View.class::isInstance);
  }

  private void collect(Pickled.Dictionary dictionary) {
    dictionary
        .entries()
        .forEach(
            (name, value) -> {
              if (value instanceof Pickled.View view) add(name, view);
            });
  }

  private void add(String name, Pickled.View view) {
    if (views.size() >= MAX_TENSORS || name.length() > 500) {
      throw new SpyhopException("has more tensors, or longer names, than any network.");
    }
    views.put(name, view);
  }

  /** Parameters, buffers and modules are fields of a module, in their order. */
  private void collectModule(String prefix, Pickled.Instance module, int depth) {
    if (depth > MAX_DEPTH || ++visited > MAX_TENSORS) {
      throw new SpyhopException(
          Strings.format("has modules within modules without end (deeper than %d).", MAX_DEPTH));
    }
    List<Map.Entry<String, Pickled>> fields = new ArrayList<>(module.fields().entries().entrySet());
    for (Map.Entry<String, Pickled> field : fields) {
      String name = prefix + field.getKey();
      if (NO_PARTS.contains(field.getKey())) continue;
      if (field.getValue() instanceof Pickled.View view) add(name, view);
      if (field.getValue() instanceof Pickled.Instance part) {
        modules.put(name, part.type());
        collectModule(name + ".", part, depth + 1);
      }
    }
  }
}
