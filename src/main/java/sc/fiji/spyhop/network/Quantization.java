package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;

/**
 * What of a network is computed in eight bits: feature maps whose values are rounded to one of 256,
 * and layers whose weights are rounded too, so that all they multiply is whole numbers. All else is
 * computed in 32 bits. Weights are not part of it: they are rounded where the network is compiled.
 *
 * @param maps range of each rounded map, by the name of its layer
 * @param layers convolutions and dense layers in eight bits; each reads a rounded map
 */
public record Quantization(
    @JsonProperty("maps") Map<String, Range> maps, @JsonProperty("layers") List<String> layers) {

  /** Everything is computed in 32 bits. */
  public static final Quantization NONE = new Quantization(Map.of(), List.of());

  private static final int STEPS = 255;

  /**
   * The values that a rounded map can have: 256, equally spaced, one of which is exactly 0. What is
   * lower or higher becomes the lowest or the highest.
   *
   * @param low at most 0
   * @param high at least 0, above {@code low}
   */
  public record Range(@JsonProperty("low") double low, @JsonProperty("high") double high) {

    /**
     * Refuses a range without 0 in it or at its end.
     *
     * @throws SpyhopException if low is above 0, high below 0, or both are the same
     */
    public Range {
      if (!(low <= 0 && high >= 0 && (float) (high - low) > 0) || Double.isInfinite(high - low)) {
        throw new SpyhopException(
            "Range of eight bits: expected two numbers with 0 among or between them, the lower"
                + " first, received "
                + low
                + " to "
                + high
                + ".");
      }
    }

    /** From one value to the next; where {@code low} is 0, none lies above {@code high}. */
    public float step() {
      float step = (float) ((high - low) / STEPS);
      return Math.max(Float.MIN_VALUE, step * STEPS > high - low ? Math.nextDown(step) : step);
    }

    /** Which of the values, counted from 0, is 0: from 0 to 255. */
    public int zero() {
      return (int) Math.min(STEPS, Math.rint(-low / step()));
    }
  }

  /** Copies the list and the map, whose order is kept. */
  public Quantization {
    layers = Checks.list("quantization: the list of layers", layers);
    maps.forEach((name, range) -> Checks.present(name, "range", range));
    maps = Collections.unmodifiableMap(new LinkedHashMap<>(maps));
  }

  /** Whether there is nothing in eight bits. */
  @JsonIgnore
  public boolean isNone() {
    return maps.isEmpty() && layers.isEmpty();
  }

  /**
   * Refuses what is not of a network.
   *
   * @return this
   * @throws SpyhopException if the network lacks a layer, or one cannot be computed in eight bits
   */
  public Quantization fittedTo(Network network) {
    Set<String> names = new HashSet<>();
    for (Layer layer : network.layers()) {
      names.add(layer.name());
      if (!layers.contains(layer.name())) continue;
      if (!(layer instanceof Convolution || layer instanceof Dense)) {
        throw wrong(layer.name(), "a convolution or dense layer", layer.description());
      }
      if (!maps.containsKey(layer.input())) {
        throw wrong(layer.name(), "a range of what it reads, " + layer.input(), "none");
      }
    }
    for (String name : maps.keySet()) if (!names.contains(name)) throw unknown(name);
    for (String name : layers) if (!names.contains(name)) throw unknown(name);
    return this;
  }

  private static SpyhopException wrong(String layer, String expected, String received) {
    return new SpyhopException(
        "quantization: layer " + layer + ": expected " + expected + ", received " + received);
  }

  private static SpyhopException unknown(String name) {
    return new SpyhopException("quantization: no layer is named " + name);
  }
}
