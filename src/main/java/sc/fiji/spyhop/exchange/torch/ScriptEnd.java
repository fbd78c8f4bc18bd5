package sc.fiji.spyhop.exchange.torch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * What a TorchScript archive does behind its last convolution, as its code says. Code is text here
 * and never run: from what a module returns, names are looked up and functions unwrapped, backwards
 * to the convolution. What is not of this kind, such as arithmetic, branches or a value that is
 * used twice, is not understood, and said so.
 *
 * @param convolution path of the last convolution, such as {@code model.outc.conv}; empty if the
 *     code is not understood
 * @param functions behind it, the first one first, such as {@code sigmoid}
 * @param unclear what is not understood; empty if all is
 */
public record ScriptEnd(String convolution, List<String> functions, Optional<String> unclear) {

  private static final int MAX_STEPS = 200;
  private static final int MAX_DEPTH = 40;

  private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*");
  private static final Pattern ASSIGNED = Pattern.compile("(\\s*)([A-Za-z_]\\w*) = (.*)");
  private static final Pattern PART = Pattern.compile("(\\w+)\\.(\\w+)");
  private static final Pattern NAMED_PART = Pattern.compile("getattr\\((\\w+), \"([\\w.]+)\"\\)");
  private static final Pattern CALL = Pattern.compile("\\(?([\\w.]+)\\)?(\\.forward)?\\((.*)\\)");
  private static final Pattern SIGNATURE =
      Pattern.compile("def forward\\((\\w+): [^,]+, (\\w+): Tensor\\) -> Tensor:");
  private static final Pattern FUNCTION =
      Pattern.compile("(?:torch|__torch__\\.torch\\.nn\\.functional)\\.([a-z]\\w*)");

  /** Of the channels of a minibatch. */
  private static final Set<String> CHANNELS = Set.of("1", "-3");

  /** Functions of values that are given settings, too. */
  private static final Set<String> WITH_SETTINGS =
      Set.of("relu", "leaky_relu", "elu", "gelu", "log_softmax", "hardtanh", "softplus");

  /** Where PyTorch's own convolutions are. */
  private static final String CONVOLUTIONS = "torch.nn.modules.conv.";

  /** Copies the list. */
  public ScriptEnd {
    functions = List.copyOf(functions);
  }

  /**
   * Follows the code.
   *
   * @param types of modules by their paths, such as {@code torch.nn.modules.conv.Conv2d}; of the
   *     whole by the empty path
   * @param first path of the first convolution, which has to see the image as it is
   * @param files text of a file of code by its name without an ending, such as {@code
   *     torch/nn/modules/conv}; of the first by the empty name
   */
  static ScriptEnd of(
      Map<String, String> types, String first, Function<String, Optional<String>> files) {
    Walk walk = new Walk(types, first, files);
    try {
      Optional<String> convolution = walk.follow("", 0);
      if (convolution.isEmpty()) throw new SpyhopException("there is no convolution at its end");
      Collections.reverse(walk.functions);
      return new ScriptEnd(convolution.get(), walk.functions, Optional.empty());
    } catch (SpyhopException e) {
      return new ScriptEnd("", List.of(), Optional.of(e.getMessage()));
    }
  }

  /**
   * What a module does.
   *
   * @param self its own name in its code
   * @param argument name of what it is given
   * @param values that names stand for, of those that get one value whatever happens
   * @param returned what it gives
   * @param text of all of it
   */
  private record Forward(
      String self, String argument, Map<String, String> values, String returned, String text) {

    static Forward of(String code, String type) {
      String name = type.substring(type.lastIndexOf('.') + 1);
      List<String> lines = code.lines().toList();
      int i = lines.indexOf("class " + name + "(Module):") + 1;
      while (i > 0 && i < lines.size() && !lines.get(i).startsWith("  def forward(")) {
        if (!lines.get(i).startsWith(" ")) i = lines.size();
        else i++;
      }
      if (i == 0 || i >= lines.size()) throw unclear(type);
      StringBuilder signature = new StringBuilder(lines.get(i++).strip());
      while (signature.indexOf("->") < 0 && i < lines.size()) {
        signature.append(' ').append(lines.get(i++).strip());
      }
      Matcher told = SIGNATURE.matcher(signature);
      if (!told.matches()) throw unclear(signature.toString());
      List<String> body = new ArrayList<>();
      while (i < lines.size() && lines.get(i).startsWith("    ")) body.add(lines.get(i++));
      return of(told.group(1), told.group(2), body, signature + "\n" + String.join("\n", body));
    }

    private static Forward of(String self, String argument, List<String> body, String text) {
      Map<String, String> values = new HashMap<>();
      Set<String> changing = new HashSet<>(List.of(self, argument));
      Optional<String> returned = Optional.empty();
      for (String line : body) {
        Matcher assigned = ASSIGNED.matcher(line);
        boolean isPlain = !line.startsWith("     ");
        if (line.strip().startsWith("return ")) {
          if (!isPlain || returned.isPresent()) throw unclear(line);
          returned = Optional.of(line.strip().substring("return ".length()));
        } else if (assigned.matches()) {
          String name = assigned.group(2);
          boolean isNew = values.put(name, assigned.group(3)) == null;
          if (!isPlain || !isNew) changing.add(name);
        }
      }
      values.keySet().removeAll(changing);
      return new Forward(
          self, argument, values, returned.orElseThrow(() -> unclear("no return")), text);
    }

    /** Refuses a name that is not used just once, and so may be changed in place. */
    void requireOneUse(String name) {
      Matcher all = Pattern.compile("\\b" + name + "\\b").matcher(text);
      if (all.results().count() != 2) throw unclear(name + ", which is used more than once");
    }

    /** Path of a module by what it is called here. */
    String path(String name, String at) {
      return path(name, at, 0);
    }

    private String path(String name, String at, int depth) {
      if (name.equals(self)) return at;
      String value = values.getOrDefault(name, name);
      Matcher part = PART.matcher(value);
      if (!part.matches()) part = NAMED_PART.matcher(value);
      if (!part.matches() || depth > MAX_DEPTH) throw unclear(value);
      String within = path(part.group(1), at, depth + 1);
      return within.isEmpty() ? part.group(2) : within + "." + part.group(2);
    }
  }

  private static SpyhopException unclear(String code) {
    return new SpyhopException("\"" + Strings.shorten(Strings.visible(code.strip())) + "\"");
  }

  /** One way backwards. */
  private static final class Walk {
    private final Map<String, String> types;
    private final String first;
    private final Function<String, Optional<String>> files;
    private final List<String> functions = new ArrayList<>();
    private int steps;

    Walk(Map<String, String> types, String first, Function<String, Optional<String>> files) {
      this.types = types;
      this.first = first;
      this.files = files;
    }

    /**
     * Goes through a module, from what it returns.
     *
     * @return path of the convolution that it comes to; nothing if it comes to what it is given
     */
    Optional<String> follow(String path, int depth) {
      String type = types.getOrDefault(path, "");
      if (type.startsWith(CONVOLUTIONS) && type.endsWith(".Conv2d")) return Optional.of(path);
      if (depth > MAX_DEPTH) throw unclear(type);
      Forward forward = Forward.of(code(type), type);
      String value = forward.returned();
      while (true) {
        if (++steps > MAX_STEPS) throw unclear(value);
        if (value.equals(forward.argument())) {
          forward.requireOneUse(value);
          return Optional.empty();
        }
        if (NAME.matcher(value).matches()) {
          String name = value;
          forward.requireOneUse(name);
          value = Optional.ofNullable(forward.values().get(name)).orElseThrow(() -> unclear(name));
          continue;
        }
        Matcher call = CALL.matcher(value);
        if (!call.matches()) throw unclear(value);
        List<String> arguments = arguments(call.group(3), value);
        if (call.group(2) == null) {
          function(forward, call.group(1), arguments, value);
        } else {
          String part = forward.path(call.group(1), path);
          Optional<String> convolution = follow(part, depth + 1);
          if (convolution.isPresent()) {
            boolean isWhole = path.isEmpty() || first.startsWith(path + ".");
            if (isWhole) requireImage(forward, path);
            return convolution;
          }
        }
        value = arguments.get(0);
      }
    }

    private String code(String type) {
      String within = type.substring(0, Math.max(0, type.lastIndexOf('.')));
      if (!type.matches("[\\w.]+")) throw unclear(type);
      return files.apply(within.replace('.', '/')).orElseThrow(() -> unclear(type));
    }

    private void function(Forward forward, String name, List<String> arguments, String value) {
      Matcher known = FUNCTION.matcher(forward.values().getOrDefault(name, name));
      if (!known.matches()) throw unclear(value);
      String function = known.group(1);
      boolean isSoftmax = function.equals("softmax");
      if (isSoftmax && (arguments.size() < 2 || !CHANNELS.contains(arguments.get(1)))) {
        throw unclear(value);
      }
      boolean isOfValues = isSoftmax || arguments.size() == 1 || WITH_SETTINGS.contains(function);
      if (!isOfValues) throw unclear(value);
      functions.add(function);
    }

    /** Refuses what is done with an image before the module that has the first convolution. */
    private void requireImage(Forward forward, String path) {
      String image = forward.argument();
      Matcher changed = Pattern.compile("\\w+_\\(" + image + "\\b.*").matcher(forward.text());
      if (changed.find()) throw unclear(changed.group());
      for (Map.Entry<String, String> entry : forward.values().entrySet()) {
        Optional<String> part = part(forward, entry.getKey(), path);
        if (part.isEmpty() || !isBegin(part.get())) continue;
        String call = "(" + entry.getKey() + ").forward(";
        int at = forward.text().indexOf(call);
        if (at < 0) continue;
        String behind = forward.text().substring(at + call.length());
        Matcher given = Pattern.compile("(\\w+),? ?\\)").matcher(behind);
        if (given.lookingAt() && given.group(1).equals(image)) return;
        throw unclear(call + behind.lines().findFirst().orElse(""));
      }
      throw unclear("what the first convolution is given");
    }

    private boolean isBegin(String part) {
      return part.equals(first) || first.startsWith(part + ".");
    }

    private static Optional<String> part(Forward forward, String name, String path) {
      try {
        return Optional.of(forward.path(name, path));
      } catch (SpyhopException e) {
        return Optional.empty();
      }
    }
  }

  /** What stands between commas, outside of brackets and quotes. */
  private static List<String> arguments(String text, String all) {
    List<String> arguments = new ArrayList<>();
    int depth = 0;
    int start = 0;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') quoted = !quoted;
      if (quoted) continue;
      if ("([{".indexOf(c) >= 0) depth++;
      if (")]}".indexOf(c) >= 0 && --depth < 0) throw unclear(all);
      if (c == ',' && depth == 0) {
        arguments.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }
    String last = text.substring(start).strip();
    if (!last.isEmpty()) arguments.add(last);
    if (depth != 0 || quoted || arguments.isEmpty()) throw unclear(all);
    return arguments;
  }
}
