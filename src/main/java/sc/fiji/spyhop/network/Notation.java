package sc.fiji.spyhop.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Layer.Interpolation;
import sc.fiji.spyhop.network.Layer.PoolingKind;
import sc.fiji.spyhop.plugin.Plugins;

/**
 * Networks without branches as a line of text, in the notation of the literature: {@code 20C5 MP2
 * 50C5 MP2 FC256 FC10}. Words are separated by spaces or hyphens; upper and lower case are the
 * same.
 *
 * <pre>
 * 20C5      convolution: 20 filters of 5 x 5 (20C3x5: 3 rows, 5 columns)
 * DW3       depthwise convolution, 3 x 3
 *             after either: /2 stride, s same or v valid or p2 explicit padding, d2 dilation, g2 groups
 * 64T4/2    transposed convolution: 64 filters of 4 x 4, makes the map twice as large (T4v: 4 x 4 of one place)
 *             after it: /2 stride, s same or v valid or p1 explicit padding
 * UP2       every pixel becomes 2 x 2; UP2B: bilinear
 * MP2 AP2   max and average pooling of 2 x 2 with as large a stride
 *             after it: /2 stride, s same or p1 explicit padding, c ceil mode
 * GAP GMP   global average and maximum pooling
 * FC256     fully connected, 256 units; a map is flattened first. FC alone: as many as classes
 * D50       dropout of 50 %
 * BN        batch normalisation
 * GN8 IN    group normalization in 8 groups of channels, of each channel by itself (instance)
 * LN        layer normalization over the channels of each place
 * LRN       local response normalisation as in AlexNet (5 channels, alpha 1e-4, beta 0.75, k 1)
 * relu lrelu relu6 prelu elu swish gelu mish tanh sigmoid softmax linear
 * [x*sigmoid(1.7*x)]   a function of your own, see {@link Formula}
 * [steps()]            a function that a plugin brings, see {@link PluginLayer}
 * </pre>
 *
 * <ul>
 *   <li>Without a mark, convolutions of up to 3 x 3 keep the size (as in VGG), larger ones are not
 *       padded (as in LeNet: 20C5 makes 24 x 24 of 28 x 28).
 *   <li>Each convolution and FC but the last is followed by ReLU; a function written after it takes
 *       its place, {@code linear} is none. {@code 64C3 BN} normalises before ReLU and has no bias;
 *       the other normalizations come before ReLU as well.
 *   <li>The last convolution or FC is followed by no ReLU, and the network ends in softmax over
 *       channels unless its last word is a function: {@code FC1 linear} for regression.
 * </ul>
 *
 * <p>Layers are named {@code conv1}, {@code pool1}, {@code fc1} and so on; the final softmax {@code
 * prob}, another end {@code out}.
 */
public final class Notation {

  private static final int LONGEST = 10_000;

  /** Formulas may hold spaces and hyphens, and brackets around the number of a channel. */
  private static final Pattern WORD =
      Pattern.compile("(\\[(?:[^\\[\\]]++|\\[[^\\[\\]]*+\\])*+\\])|[^\\s-]+");

  private static final Pattern MARK = Pattern.compile("([/SVPDGC])(\\d*)");

  private static final Map<String, Function> FUNCTIONS =
      Map.ofEntries(
          Map.entry("LINEAR", Function.IDENTITY),
          Map.entry("RELU", Function.RELU),
          Map.entry("LRELU", Function.LEAKY_RELU),
          Map.entry("RELU6", Function.RELU6),
          Map.entry("ELU", Function.ELU),
          Map.entry("SWISH", Function.SWISH),
          Map.entry("GELU", Function.GELU),
          Map.entry("MISH", Function.MISH),
          Map.entry("TANH", Function.TANH),
          Map.entry("SIGMOID", Function.SIGMOID),
          Map.entry("SOFTMAX", Function.SOFTMAX));

  private static final String PRELU = "PRELU";

  /** What a word may be, in capitals. */
  private enum Kind {
    CONVOLUTION("(\\d+)C(\\d+)(?:X(\\d+))?((?:/\\d+|[SV]|[PDG]\\d+)*)"),
    DEPTHWISE("DW(\\d+)((?:/\\d+|[SV]|[PD]\\d+)*)"),
    TRANSPOSED_CONVOLUTION("(\\d+)T(\\d+)(?:X(\\d+))?((?:/\\d+|[SV]|P\\d+)*)"),
    UPSAMPLING("UP(\\d+)(B?)"),
    POOLING("([MA])P(\\d+)((?:/\\d+|[SC]|P\\d+)*)"),
    GLOBAL_POOLING("G([MA])P"),
    DENSE("FC(\\d*)"),
    DROPOUT("D(\\d+)"),
    BATCH_NORM("BN"),
    GROUP_NORM("GN(\\d+)"),
    INSTANCE_NORM("IN"),
    LAYER_NORM("LN"),
    LOCAL_RESPONSE_NORM("LRN"),
    FORMULA("\\[(?s:.*)\\]"),
    FUNCTION(PRELU + "|" + String.join("|", FUNCTIONS.keySet())),
    UNKNOWN("(?s).*");

    private final Pattern pattern;

    Kind(String pattern) {
      this.pattern = Pattern.compile(pattern);
    }
  }

  /**
   * One word.
   *
   * @param at where it begins, from 1
   * @param parts those that its kind has
   */
  private record Word(String text, int at, Kind kind, Matcher parts) {

    static Word of(String text, int at) {
      String upper = text.toUpperCase(Locale.ROOT);
      return Stream.of(Kind.values())
          .map(kind -> new Word(text, at, kind, kind.pattern.matcher(upper)))
          .filter(word -> word.parts.matches())
          .findFirst()
          .orElseThrow();
    }

    String upper() {
      return parts.group();
    }

    String part(int i) {
      return parts.group(i);
    }

    int number(int i) {
      return Notation.number(part(i));
    }

    /** Whether it stands between a convolution or FC and its function. */
    boolean isNormalization() {
      return switch (kind) {
        case BATCH_NORM, GROUP_NORM, INSTANCE_NORM, LAYER_NORM -> true;
        default -> false;
      };
    }

    boolean isWeighted() {
      return switch (kind) {
        case CONVOLUTION, DEPTHWISE, TRANSPOSED_CONVOLUTION, DENSE -> true;
        default -> false;
      };
    }

    SpyhopException refused(String why) {
      return new SpyhopException("notation: \"" + text + "\" at character " + at + ": " + why);
    }
  }

  private final List<Word> words;
  private final OptionalInt classes;
  private final NetworkBuilder b;
  private final int lastWeighted;
  private int convolutions;
  private int transposed;
  private int upsamplings;
  private int poolings;
  private int denses;
  private boolean functionAtEnd;

  private Notation(String text, Shape input, OptionalInt classes) {
    if (text.length() > LONGEST) {
      throw new SpyhopException(
          "notation: expected at most " + LONGEST + " characters, received " + text.length());
    }
    words = WORD.matcher(text).results().map(Notation::word).toList();
    if (words.isEmpty()) {
      throw new SpyhopException("notation: expected layers such as 20C5 MP2 FC10, received none");
    }
    this.classes = classes;
    b = NetworkBuilder.input("image", input);
    int last = -1;
    for (int i = 0; i < words.size(); i++) if (words.get(i).isWeighted()) last = i;
    lastWeighted = last;
  }

  private static Word word(MatchResult m) {
    int bracket = m.group().indexOf('[');
    if (m.group(1) == null && bracket >= 0) {
      throw new SpyhopException(
          "notation: \"[\" at character "
              + (m.start() + bracket + 1)
              + ": expected "
              + (bracket == 0 ? "a ] that closes it" : "a space before it"));
    }
    return Word.of(m.group(), m.start() + 1);
  }

  /**
   * The network a text describes.
   *
   * @param text words with blanks between, such as {@code 20C5 MP2 50C5 MP2 FC500 FC10}
   * @param input channels, then sizes: {@code 1 x 28 x 28}; sizes may be open if nothing is
   *     flattened
   * @throws SpyhopException naming the word that is not understood or does not fit, and its
   *     position
   */
  public static Network parse(String text, Shape input) {
    return parse(text, input, OptionalInt.empty());
  }

  /**
   * The same, where a last {@code FC} without a number has as many units as there are classes.
   *
   * @param classes if present, what the last layer must have
   */
  public static Network parse(String text, Shape input, OptionalInt classes) {
    return new Notation(text, input, classes).network();
  }

  /** Whether at least the first word of a text is understood. */
  static boolean isBegun(String text) {
    Matcher first = WORD.matcher(text);
    return first.find() && Word.of(first.group(), 1).kind() != Kind.UNKNOWN;
  }

  private Network network() {
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      try {
        add(i, word);
      } catch (NumberFormatException e) {
        throw word.refused("expected numbers of at most nine digits");
      } catch (SpyhopException e) {
        if (e.getMessage().startsWith("notation: ")) throw e;
        throw word.refused(e.getMessage());
      }
    }
    if (classes.isPresent() && b.shape().channels() != classes.getAsInt()) {
      throw words
          .get(Math.max(0, lastWeighted))
          .refused(
              "expected " + classes.getAsInt() + " classes; write FC to leave the number open");
    }
    if (lastWeighted >= 0 && !functionAtEnd) b.activation("prob", Function.SOFTMAX);
    return b.build();
  }

  private void add(int i, Word word) {
    switch (word.kind()) {
      case CONVOLUTION -> {
        int rows = word.number(2);
        int columns = word.part(3) == null ? rows : word.number(3);
        convolution(i, word.number(1), rows, columns, marks(word, word.part(4)));
      }
      case DEPTHWISE -> {
        Marks marks = marks(word, word.part(2));
        marks.groups = b.shape().channels();
        convolution(i, marks.groups, word.number(1), word.number(1), marks);
      }
      case TRANSPOSED_CONVOLUTION -> {
        int rows = word.number(2);
        int columns = word.part(3) == null ? rows : word.number(3);
        transposedConvolution(i, word.number(1), rows, columns, marks(word, word.part(4)));
      }
      case UPSAMPLING ->
          b.upsample(
              "up" + ++upsamplings,
              word.number(1),
              word.part(2).isEmpty() ? Interpolation.NEAREST : Interpolation.BILINEAR);
      case POOLING -> pool(poolingKind(word), word.number(2), marks(word, word.part(3)));
      case GLOBAL_POOLING -> b.globalPool("pool" + ++poolings, poolingKind(word));
      case DENSE -> dense(i, units(i, word, word.part(1)));
      case DROPOUT -> dropout(word, word.number(1));
      case BATCH_NORM -> {
        b.batchNorm();
        if (follows(i, 1)) functionOf(i);
      }
      case GROUP_NORM -> {
        b.groupNorm(word.number(1));
        if (follows(i, 1)) functionOf(i);
      }
      case INSTANCE_NORM -> {
        b.instanceNorm();
        if (follows(i, 1)) functionOf(i);
      }
      case LAYER_NORM -> {
        b.layerNorm();
        if (follows(i, 1)) functionOf(i);
      }
      case LOCAL_RESPONSE_NORM -> b.localResponseNorm(5, 1e-4, 0.75, 1);
      case FUNCTION -> function(i, word);
      case FORMULA -> formula(i, word);
      case UNKNOWN ->
          throw word.refused(
              "not understood; expected words such as 20C5, 64C3/2, 64T4/2, MP2, GAP, FC256, D50, BN or tanh");
    }
  }

  private static PoolingKind poolingKind(Word word) {
    return word.part(1).equals("M") ? PoolingKind.MAX : PoolingKind.AVERAGE;
  }

  private static int number(String digits) {
    if (digits.length() > 9) throw new NumberFormatException();
    return Integer.parseInt(digits);
  }

  private int units(int i, Word word, String digits) {
    if (!digits.isEmpty()) return number(digits);
    if (i != lastWeighted) throw word.refused("only the last FC may be without a number of units");
    return classes.orElseThrow(
        () -> word.refused("expected a number of units, as the number of classes is not known"));
  }

  private static boolean isFunction(String w) {
    return FUNCTIONS.containsKey(w) || w.equals(PRELU) || w.startsWith("[");
  }

  private String wordAt(int i) {
    return i < words.size() ? words.get(i).upper() : "";
  }

  private boolean isNormalization(int i) {
    return i < words.size() && words.get(i).isNormalization();
  }

  /** Whether a word stands directly behind a convolution or FC. */
  private boolean follows(int i, int distance) {
    return i >= distance && words.get(i - distance).isWeighted();
  }

  private void convolution(int i, int filters, int rows, int columns, Marks marks) {
    convolutions++;
    Padding padding =
        marks.padding.orElse(Math.max(rows, columns) <= 3 ? Padding.SAME : Padding.VALID);
    b.bias(!wordAt(i + 1).equals("BN"));
    b.layer(
        new Convolution(
            "conv" + convolutions,
            b.here(),
            b.shape().channels(),
            filters,
            List.of(rows, columns),
            two(marks.stride),
            two(marks.dilation),
            padding,
            !wordAt(i + 1).equals("BN"),
            marks.groups));
    functionOf(i);
  }

  private void transposedConvolution(int i, int filters, int rows, int columns, Marks marks) {
    b.layer(
        new TransposedConvolution(
            "tconv" + ++transposed,
            b.here(),
            b.shape().channels(),
            filters,
            List.of(rows, columns),
            two(marks.stride),
            marks.padding.orElse(Padding.SAME),
            !wordAt(i + 1).equals("BN")));
    functionOf(i);
  }

  private void dense(int i, int units) {
    denses++;
    if (b.shape().rank() > 0) b.flatten(denses == 1 ? "flat" : "flat" + denses);
    b.bias(!wordAt(i + 1).equals("BN")).dense("fc" + denses, units);
    functionOf(i);
  }

  /** The ReLU behind a convolution or FC, unless something else is written there. */
  private void functionOf(int i) {
    boolean last = i == lastWeighted || i == lastWeighted + 1 && isNormalization(i);
    if (!isNormalization(i + 1) && !isFunction(wordAt(i + 1)) && !last) b.relu();
  }

  private void function(int i, Word word) {
    boolean owned = follows(i, 1) || follows(i, 2) && isNormalization(i - 1);
    boolean end = i == words.size() - 1;
    functionAtEnd |= end;
    if (word.upper().equals(PRELU)) {
      b.layer(new PRelu(b.here() + "_prelu", b.here(), b.shape().channels()));
      return;
    }
    Function function = FUNCTIONS.get(word.upper());
    if (function == Function.IDENTITY) {
      if (!owned && !end) throw word.refused("expected behind a convolution or FC, or at the end");
    } else if (end) {
      b.activation(function == Function.SOFTMAX ? "prob" : "out", function);
    } else {
      b.activation(function);
    }
  }

  private void formula(int i, Word word) {
    String text = word.text().substring(1, word.text().length() - 1).strip();
    boolean end = i == words.size() - 1;
    functionAtEnd |= end;
    String name = end ? "out" : b.unused("formula");
    try {
      Optional<String> plugin = Plugins.named(text);
      b.follow(
          plugin.isPresent()
              ? PluginLayer.of(name, b.here(), plugin.get())
              : new Formula(name, b.here(), text));
    } catch (SpyhopException e) {
      throw word.refused(e.getMessage());
    }
  }

  private void pool(PoolingKind kind, int size, Marks marks) {
    poolings++;
    b.layer(
        new Pooling(
            "pool" + poolings,
            b.here(),
            kind,
            two(size),
            two(marks.strideGiven ? marks.stride : size),
            marks.padding.orElse(Padding.VALID),
            marks.ceil,
            false));
  }

  private void dropout(Word word, int percent) {
    if (percent > 99) throw word.refused("expected 0 to 99 percent");
    b.dropout(percent / 100.0);
  }

  private static List<Integer> two(int n) {
    return Collections.nCopies(2, n);
  }

  /** What stands behind the size of a kernel. */
  private static final class Marks {
    int stride = 1;
    boolean strideGiven;
    int dilation = 1;
    int groups = 1;
    boolean ceil;
    Optional<Padding> padding = Optional.empty();
  }

  private static Marks marks(Word word, String text) {
    Marks marks = new Marks();
    StringBuilder seen = new StringBuilder();
    Matcher m = MARK.matcher(text);
    while (m.find()) {
      char mark = m.group(1).charAt(0);
      int value = m.group(2).isEmpty() ? 0 : number(m.group(2));
      boolean padding = "SVP".indexOf(mark) >= 0;
      if (seen.indexOf(padding ? "P" : m.group(1)) >= 0) {
        throw word.refused("its " + (padding ? "padding" : "mark " + mark) + " is given twice");
      }
      seen.append(padding ? 'P' : mark);
      switch (mark) {
        case '/' -> {
          marks.stride = value;
          marks.strideGiven = true;
        }
        case 'D' -> marks.dilation = value;
        case 'G' -> marks.groups = value;
        case 'C' -> marks.ceil = true;
        case 'S' -> marks.padding = Optional.of(Padding.SAME);
        case 'V' -> marks.padding = Optional.of(Padding.VALID);
        default -> marks.padding = Optional.of(Padding.of(value, value, value, value));
      }
    }
    return marks;
  }

  // -- The other way --

  /**
   * A network in this notation, from which {@link #parse} makes the same network but for names;
   * empty if there is none, as for networks with branches.
   */
  public static Optional<String> describe(Network network) {
    if (network.inputs().size() != 1) return Optional.empty();
    List<String> words = new ArrayList<>();
    String before = network.inputs().get(0).name();
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      if (!layer.inputs().equals(List.of(before))) return Optional.empty();
      boolean biased =
          network.layers().get(Math.max(0, i - 1)).parameters().stream()
              .anyMatch(p -> p.role() == Parameter.Role.BIAS);
      if (layer instanceof BatchNorm && i > 0 && biased) words.add("linear");
      before = layer.name();
      Optional<String> word = word(layer);
      if (word.isEmpty()) return Optional.empty();
      if (!word.get().isEmpty()) words.add(word.get());
    }
    if (!network.outputs().equals(List.of(before))) return Optional.empty();
    String text = String.join(" ", shortened(words));
    try {
      Network read = parse(text, network.inputs().get(0).shape());
      return Renaming.numbered(read).equals(Renaming.numbered(network))
          ? Optional.of(text)
          : Optional.empty();
    } catch (SpyhopException e) {
      return Optional.empty();
    }
  }

  /** Without what is implied: ReLU behind all but the last, and softmax at the end. */
  private static List<String> shortened(List<String> words) {
    int last = -1;
    for (int i = 0; i < words.size(); i++) if (Word.of(words.get(i), 0).isWeighted()) last = i;
    List<String> result = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String next = i + 1 < words.size() ? words.get(i + 1) : "";
      boolean atLayer = Word.of(word, 0).isWeighted();
      boolean normalised =
          Word.of(word, 0).isNormalization() && i > 0 && Word.of(words.get(i - 1), 0).isWeighted();
      result.add(word);
      if (i >= last || !atLayer && !normalised || Word.of(next, 0).isNormalization()) continue;
      if (next.equals("relu")) i++;
      else if (!isFunction(next.toUpperCase(Locale.ROOT))) result.add("linear");
    }
    String end = words.isEmpty() ? "" : words.get(words.size() - 1);
    if (!isFunction(end.toUpperCase(Locale.ROOT))) result.add("linear");
    else if (end.equals("softmax") && last >= 0) result.remove(result.size() - 1);
    return result;
  }

  /** Empty text for layers that are implied by others. */
  private static Optional<String> word(Layer layer) {
    if (layer instanceof Convolution l && l.kernel().size() == 2) {
      int rows = l.kernel().get(0);
      int columns = l.kernel().get(1);
      boolean depthwise = l.groups() > 1 && l.groups() == l.channels() && rows == columns;
      Padding defaults = Math.max(rows, columns) <= 3 ? Padding.SAME : Padding.VALID;
      String size = rows == columns ? "" + rows : rows + "x" + columns;
      return padding(l.padding(), defaults)
          .map(
              p ->
                  (depthwise && l.filters() == l.channels() ? "DW" : l.filters() + "C")
                      + size
                      + unlessOne("/", l.stride().get(0))
                      + p
                      + unlessOne("d", l.dilation().get(0))
                      + (depthwise && l.filters() == l.channels()
                          ? ""
                          : unlessOne("g", l.groups())));
    } else if (layer instanceof TransposedConvolution l && l.kernel().size() == 2) {
      int rows = l.kernel().get(0);
      int columns = l.kernel().get(1);
      String size = rows == columns ? "" + rows : rows + "x" + columns;
      return padding(l.padding(), Padding.SAME)
          .map(p -> l.filters() + "T" + size + unlessOne("/", l.stride().get(0)) + p);
    } else if (layer instanceof Upsampling l) {
      String kind = l.interpolation() == Interpolation.BILINEAR ? "b" : "";
      return Optional.of("UP" + l.factor().get(0) + kind);
    } else if (layer instanceof Pooling l && l.kernel().size() == 2) {
      int size = l.kernel().get(0);
      int stride = l.stride().get(0);
      return padding(l.padding(), Padding.VALID)
          .map(
              p ->
                  (l.kind() == PoolingKind.MAX ? "MP" : "AP")
                      + size
                      + (stride == size ? "" : "/" + stride)
                      + p
                      + (l.ceilMode() ? "c" : ""));
    } else if (layer instanceof GlobalPooling l) {
      return Optional.of(l.kind() == PoolingKind.MAX ? "GMP" : "GAP");
    } else if (layer instanceof Dense l) {
      return Optional.of("FC" + l.units());
    } else if (layer instanceof Dropout l) {
      return Optional.of("D" + Math.round(100 * l.rate()));
    } else if (layer instanceof BatchNorm) {
      return Optional.of("BN");
    } else if (layer instanceof GroupNorm l) {
      return Optional.of(l.isInstanceNorm() ? "IN" : "GN" + l.groups());
    } else if (layer instanceof LayerNorm) {
      return Optional.of("LN");
    } else if (layer instanceof LocalResponseNorm) {
      return Optional.of("LRN");
    } else if (layer instanceof PRelu l && l.space().isEmpty()) {
      return Optional.of("prelu");
    } else if (layer instanceof Formula l) {
      return Optional.of(l.description());
    } else if (layer instanceof PluginLayer l) {
      return Optional.of(l.description());
    } else if (layer instanceof Flatten) {
      return Optional.of("");
    } else if (layer instanceof Activation l && l.function() != Function.IDENTITY) {
      return FUNCTIONS.entrySet().stream()
          .filter(e -> e.getValue() == l.function())
          .map(e -> e.getKey().toLowerCase(Locale.ROOT))
          .findFirst();
    }
    return Optional.empty();
  }

  private static String unlessOne(String mark, int value) {
    return value == 1 ? "" : mark + value;
  }

  private static Optional<String> padding(Padding padding, Padding defaults) {
    if (padding.equals(defaults)) return Optional.of("");
    if (padding instanceof Padding.Rule) {
      return Optional.of(padding == Padding.SAME ? "s" : "v");
    }
    return Optional.of("p" + ((Padding.Explicit) padding).before().get(0));
  }
}
