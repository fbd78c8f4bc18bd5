package sc.fiji.spyhop.exchange.graph;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/** What is known of a value of a foreign network. */
public interface Value {

  /** The output of one of our layers. */
  record Mapped(Feature feature) implements Value {}

  /**
   * Made of outputs of our layers, by operations that are left out, as behind the convolutions of a
   * detector.
   *
   * @param layers those outputs
   * @param at what was left out first
   * @param reason why
   */
  record Cut(List<String> layers, String at, String reason) implements Value {
    /** Copies the names. */
    public Cut {
      layers = List.copyOf(layers);
    }

    /** Cuts behind some values. */
    public static Cut behind(List<? extends Value> values, String at, String reason) {
      Set<String> layers = new LinkedHashSet<>();
      for (Value v : values) {
        if (v instanceof Cut c) layers.addAll(c.layers());
        else if (v instanceof Mapped m) layers.add(origin(m.feature()));
      }
      return new Cut(List.copyOf(layers), at, reason);
    }

    /** The same cut, behind which other values came in. */
    public Cut with(List<? extends Value> values) {
      return behind(values, at, reason);
    }
  }

  /** Of an operation that could not be brought over. */
  record Failed() implements Value {}

  /** The map, where a value is one that was flattened in an order that is not ours. */
  private static String origin(Feature feature) {
    return feature.rows().map(Feature::layer).orElse(feature.layer());
  }

  /**
   * Where a network ends.
   *
   * @param layers that give its outputs
   * @param cut where what was left out behind them begins, and why, if something was
   */
  record Ends(List<String> layers, Optional<String> cut) {
    /** Copies the names. */
    public Ends {
      layers = List.copyOf(layers);
    }
  }

  /**
   * The outputs that are asked for.
   *
   * @param outputs by name
   * @param kept name of the only one; empty: all
   * @throws SpyhopException if there is no such output
   */
  static Map<String, Value> kept(Map<String, Value> outputs, Optional<String> kept) {
    if (kept.isEmpty()) return outputs;
    Value value = outputs.get(kept.get());
    if (value != null) return Map.of(kept.get(), value);
    throw new SpyhopException(
        Strings.format(
            "expected the name of an output to keep, one of %s, received %s.",
            String.join(", ", outputs.keySet()), kept.get()));
  }

  /**
   * Where a network ends.
   *
   * @param outputs by name
   * @param notes told what was cut off
   */
  static Ends outputs(Map<String, Value> outputs, List<String> notes) {
    Set<String> layers = new LinkedHashSet<>();
    Set<String> cutAt = new LinkedHashSet<>();
    Set<String> reasons = new LinkedHashSet<>();
    outputs.forEach(
        (name, value) -> {
          if (value instanceof Mapped m) {
            layers.add(origin(m.feature()));
            if (m.feature().rows().isPresent()) {
              cutAt.add("the flattening before " + name);
              reasons.add("values of a map in another order (the output " + name + ")");
            }
          } else if (value instanceof Cut c) {
            layers.addAll(c.layers());
            cutAt.add(c.at());
            reasons.add(c.reason() + " (" + c.at() + ")");
          } else {
            throw new SpyhopException("the output " + name + " does not depend on the image.");
          }
        });
    if (!cutAt.isEmpty()) {
      notes.add(
          "What follows the convolutions is cut off, from "
              + String.join(", ", cutAt)
              + " on; outputs are "
              + String.join(", ", layers)
              + ".");
    }
    return new Ends(
        new ArrayList<>(layers),
        reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons)));
  }
}
