package sc.fiji.spyhop.exchange.caffe;

import static java.util.Collections.nCopies;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.exchange.caffe.proto.BatchNormParameter;
import sc.fiji.spyhop.exchange.caffe.proto.ConcatParameter;
import sc.fiji.spyhop.exchange.caffe.proto.ConvolutionParameter;
import sc.fiji.spyhop.exchange.caffe.proto.EltwiseParameter;
import sc.fiji.spyhop.exchange.caffe.proto.InnerProductParameter;
import sc.fiji.spyhop.exchange.caffe.proto.LRNParameter;
import sc.fiji.spyhop.exchange.caffe.proto.LRNParameter.NormRegion;
import sc.fiji.spyhop.exchange.caffe.proto.LayerParameter;
import sc.fiji.spyhop.exchange.caffe.proto.PoolingParameter;
import sc.fiji.spyhop.exchange.caffe.proto.PoolingParameter.RoundMode;
import sc.fiji.spyhop.exchange.caffe.proto.PowerParameter;
import sc.fiji.spyhop.exchange.caffe.proto.ScaleParameter;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.GraphBuilder;
import sc.fiji.spyhop.exchange.graph.GraphBuilder.Border;
import sc.fiji.spyhop.exchange.graph.GraphBuilder.Window;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Layer.PoolingKind;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** What each type of Caffe's layers becomes. */
final class CaffeLayers {

  /** Most channels of a transposed convolution in groups, which becomes one without. */
  private static final int MAX_GROUPS = 512;

  private final GraphBuilder builder;
  private final Map<String, List<CaffeBlob>> weights;

  CaffeLayers(GraphBuilder builder, Map<String, List<CaffeBlob>> weights) {
    this.builder = builder;
    this.weights = weights;
  }

  boolean hasWeights(String name) {
    return weights.containsKey(name);
  }

  Value apply(LayerParameter layer, String type, String name, List<Value> inputs) {
    List<Feature> in =
        inputs.stream()
            .filter(v -> v instanceof Value.Mapped)
            .map(v -> ((Value.Mapped) v).feature())
            .toList();
    if (in.isEmpty()) throw new Unsupported("layer without an input");
    Feature x = in.get(0);
    return switch (type) {
      case "Convolution", "DepthwiseConvolution", "ConvolutionDepthwise" ->
          mapped(convolution(layer.getConvolutionParam(), name, x));
      case "Deconvolution" -> mapped(deconvolution(layer.getConvolutionParam(), name, x));
      case "InnerProduct" -> mapped(innerProduct(layer.getInnerProductParam(), name, x));
      case "Pooling" -> mapped(pooling(layer.getPoolingParam(), name, x));
      case "ReLU" -> mapped(builder.leakyRelu(name, x, layer.getReluParam().getNegativeSlope()));
      case "ReLU6" -> activation(name, x, Function.RELU6);
      case "PReLU" -> mapped(builder.leakyRelu(name, x, blob(name, 0).values()));
      case "ELU" -> {
        if (layer.getEluParam().getAlpha() != 1) {
          throw new Unsupported("alpha other than 1");
        }
        yield activation(name, x, Function.ELU);
      }
      case "Sigmoid" -> activation(name, x, Function.SIGMOID);
      case "TanH" -> activation(name, x, Function.TANH);
      case "Swish" -> activation(name, x, Function.SWISH);
      case "Softmax" -> softmax(layer.getSoftmaxParam().getAxis(), name, x, inputs);
      case "SoftmaxWithLoss" -> softmax(1, name, x, inputs);
      case "LRN" -> mapped(normalization(layer.getLrnParam(), name, x));
      case "BatchNorm" -> mapped(batchNorm(layer.getBatchNormParam(), name, x));
      case "Scale" -> mapped(scale(layer.getScaleParam(), name, in));
      case "Bias" -> mapped(builder.affine(name, x, new float[] {1}, blob(name, 0).values()));
      case "Power" -> mapped(power(layer.getPowerParam(), name, x));
      case "Concat" -> concat(layer.getConcatParam(), name, in, inputs);
      case "Eltwise" -> mapped(eltwise(layer.getEltwiseParam(), name, in));
      case "Dropout" ->
          mapped(builder.dropout(name, x, decimal(layer.getDropoutParam().getDropoutRatio())));
      case "Flatten" -> {
        if (layer.getFlattenParam().getAxis() != 1) throw new Unsupported("axis");
        yield mapped(builder.flatten(name, x));
      }
      case "Permute" -> permute(layer.getPermuteParam().getOrderList(), name, x, inputs);
      case "Reshape" ->
          reshape(CaffeImport.ints(layer.getReshapeParam().getShape()), name, x, inputs);
      case "Split" -> mapped(x);
      case "PriorBox", "DetectionOutput", "Proposal", "ROIPooling", "ArgMax" ->
          Value.Cut.behind(inputs, "layer " + name, "boxes");
      default -> throw Unsupported.noCounterpart();
    };
  }

  /** Whether there is a counterpart for layers of a type, as far as the type tells. */
  boolean isKnown(String type) {
    Value none = new Value.Mapped(Feature.of("", Shape.of(1)));
    try {
      new CaffeLayers(new GraphBuilder(), Map.of())
          .apply(LayerParameter.getDefaultInstance(), type, "", List.of(none));
      return true;
    } catch (Unsupported e) {
      return !e.isOfType();
    } catch (RuntimeException e) {
      return true; // for want of inputs and settings
    }
  }

  private static Value mapped(Feature feature) {
    return new Value.Mapped(feature);
  }

  private Value activation(String name, Feature x, Function function) {
    return mapped(builder.activation(name, x, function));
  }

  private CaffeBlob blob(String name, int i) {
    List<CaffeBlob> all = weights.getOrDefault(name, List.of());
    if (i >= all.size()) {
      throw new Unsupported("the caffemodel has " + all.size() + " tensors for it, too few");
    }
    return all.get(i);
  }

  private Optional<float[]> bias(boolean isThere, String name) {
    return isThere ? Optional.of(blob(name, 1).values()) : Optional.empty();
  }

  /** The shortest decimal number that stands for it, as it is in the text. */
  private static double decimal(float value) {
    return Double.parseDouble(Float.toString(value));
  }

  /** Rows and columns: said twice, or once for both. */
  private static List<Integer> pair(List<Integer> all, int otherwise) {
    if (all.isEmpty()) return List.of(otherwise, otherwise);
    return all.size() == 1 ? List.of(all.get(0), all.get(0)) : all.subList(0, 2);
  }

  private static Window window(
      List<Integer> kernel, List<Integer> stride, List<Integer> dilation, List<Integer> pad) {
    return new Window(kernel, stride, dilation, new Border.Zeros(pad, pad));
  }

  private static Window window(ConvolutionParameter p) {
    return window(
        p.hasKernelH() || p.hasKernelW()
            ? List.of(p.getKernelH(), p.getKernelW())
            : pair(p.getKernelSizeList(), 1),
        p.hasStrideH() || p.hasStrideW()
            ? List.of(p.getStrideH(), p.getStrideW())
            : pair(p.getStrideList(), 1),
        pair(p.getDilationList(), 1),
        p.hasPadH() || p.hasPadW() ? List.of(p.getPadH(), p.getPadW()) : pair(p.getPadList(), 0));
  }

  private static Window window(PoolingParameter p) {
    return window(
        p.hasKernelH() || p.hasKernelW()
            ? List.of(p.getKernelH(), p.getKernelW())
            : nCopies(2, p.getKernelSize()),
        p.hasStrideH() || p.hasStrideW()
            ? List.of(p.getStrideH(), p.getStrideW())
            : nCopies(2, p.getStride()),
        nCopies(2, 1),
        p.hasPadH() || p.hasPadW() ? List.of(p.getPadH(), p.getPadW()) : nCopies(2, p.getPad()));
  }

  private static Tensor kernel(Axes axes, CaffeBlob blob) {
    int[] shape = blob.shape().stream().mapToInt(s -> s).toArray();
    if (shape.length != 4) throw new Unsupported("a kernel of shape " + blob.shape());
    return new Tensor(axes, shape, blob.values());
  }

  private Feature convolution(ConvolutionParameter param, String name, Feature x) {
    Tensor weight = kernel(Axes.OIHW, blob(name, 0));
    int groups = x.shape().channels() / Math.max(1, weight.size(1));
    return builder.convolution(
        name, x, weight, bias(param.getBiasTerm(), name), window(param), groups);
  }

  private Feature deconvolution(ConvolutionParameter param, String name, Feature x) {
    Window w = window(param);
    if (!w.dilation().equals(List.of(1, 1))) throw new Unsupported("dilation");
    Tensor weight = kernel(Axes.IOHW, blob(name, 0));
    int groups = param.getGroup();
    if (groups > 1) weight = withoutGroups(weight, groups);
    return builder.transposedConvolution(
        name, x, weight, bias(param.getBiasTerm(), name), w.stride(), w.border());
  }

  /** Zeros where groups do not meet. */
  private static Tensor withoutGroups(Tensor weight, int groups) {
    int channels = weight.size(0);
    int own = weight.size(1);
    int area = weight.size(2) * weight.size(3);
    int filters = own * groups;
    if (channels % groups != 0 || Math.max(channels, filters) > MAX_GROUPS) {
      throw new Unsupported(groups + " groups");
    }
    float[] all = new float[Math.multiplyExact(channels * filters, area)];
    for (int c = 0; c < channels; c++) {
      int group = c / (channels / groups);
      System.arraycopy(
          weight.data(), c * own * area, all, (c * filters + group * own) * area, own * area);
    }
    return new Tensor(
        Axes.IOHW, new int[] {channels, filters, weight.size(2), weight.size(3)}, all);
  }

  private Feature innerProduct(InnerProductParameter param, String name, Feature x) {
    CaffeBlob blob = blob(name, 0);
    List<Integer> shape = blob.shape();
    int rows = shape.get(shape.size() - 2);
    int columns = shape.get(shape.size() - 1);
    float[] values = blob.values();
    if (param.getTranspose()) {
      values = new float[values.length];
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) values[c * rows + r] = blob.values()[r * columns + c];
      }
      int swap = rows;
      rows = columns;
      columns = swap;
    }
    Feature row = x.isMap() ? builder.flatten(name + "_flatten", x) : x.withOnes(0);
    Tensor weight = new Tensor(Axes.OI, new int[] {rows, columns}, values);
    return builder.dense(name, row, weight, bias(param.getBiasTerm(), name));
  }

  private Feature pooling(PoolingParameter param, String name, Feature x) {
    PoolingKind kind =
        switch (param.getPool()) {
          case MAX -> PoolingKind.MAX;
          case AVE -> PoolingKind.AVERAGE;
          default -> throw new Unsupported("pooling " + param.getPool());
        };
    if (param.getGlobalPooling()) return builder.globalPool(name, x, kind, 2);
    boolean ceil = param.getRoundMode() == RoundMode.CEIL && param.getCeilMode();
    return builder.pool(name, x, kind, window(param), ceil, true);
  }

  private Value softmax(int axis, String name, Feature x, List<Value> inputs) {
    int rank = x.dimensions().size();
    if ((axis < 0 ? axis + rank : axis) == x.channelAxis()) {
      return activation(name, x, Function.SOFTMAX);
    }
    return Value.Cut.behind(inputs, "layer " + name, "a softmax over axis " + axis);
  }

  private Feature normalization(LRNParameter param, String name, Feature x) {
    if (param.getNormRegion() != NormRegion.ACROSS_CHANNELS) {
      throw new Unsupported("norm_region " + param.getNormRegion());
    }
    return builder.localResponseNorm(
        name,
        x,
        param.getLocalSize(),
        decimal(param.getAlpha()),
        decimal(param.getBeta()),
        decimal(param.getK()));
  }

  /** Mean and variance are kept as sums, with what they are to be divided by. */
  private Feature batchNorm(BatchNormParameter param, String name, Feature x) {
    float factor = blob(name, 2).values()[0];
    float by = factor == 0 ? 0 : 1 / factor;
    float[] mean = times(blob(name, 0).values(), by);
    float[] variance = times(blob(name, 1).values(), by);
    float[] one = times(mean, 0);
    for (int i = 0; i < one.length; i++) one[i] = 1;
    return builder.batchNorm(
        name, x, one, new float[one.length], mean, variance, decimal(param.getEps()));
  }

  private static float[] times(float[] values, float by) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) out[i] = values[i] * by;
    return out;
  }

  private Feature scale(ScaleParameter param, String name, List<Feature> in) {
    if (param.getAxis() != 1 && in.size() == 1) throw new Unsupported("axis");
    if (in.size() == 2) {
      if (param.getBiasTerm()) throw new Unsupported("bias_term with two inputs");
      return builder.multiply(name, in);
    }
    float[] shift = param.getBiasTerm() ? blob(name, 1).values() : new float[] {0};
    return builder.affine(name, in.get(0), blob(name, 0).values(), shift);
  }

  private Feature power(PowerParameter param, String name, Feature x) {
    if (param.getPower() != 1) throw new Unsupported("power " + param.getPower());
    return builder.affine(name, x, new float[] {param.getScale()}, new float[] {param.getShift()});
  }

  private Value concat(ConcatParameter param, String name, List<Feature> in, List<Value> inputs) {
    int axis = param.hasAxis() ? param.getAxis() : param.getConcatDim();
    if (axis < 0) axis += in.get(0).dimensions().size();
    if (axis != in.get(0).channelAxis() || in.stream().anyMatch(f -> f.rows().isPresent())) {
      return Value.Cut.behind(inputs, "layer " + name, "a joining that is not of channels");
    }
    return mapped(builder.concat(name, in));
  }

  private Feature eltwise(EltwiseParameter param, String name, List<Feature> in) {
    return switch (param.getOperation()) {
      case SUM -> {
        List<Feature> parts = new ArrayList<>();
        for (int i = 0; i < in.size(); i++) {
          float factor = i < param.getCoeffCount() ? param.getCoeff(i) : 1;
          parts.add(
              builder.affine(
                  name + "_" + (i + 1), in.get(i), new float[] {factor}, new float[] {0}));
        }
        yield builder.add(name, parts);
      }
      case PROD -> builder.multiply(name, in);
      default -> throw new Unsupported("operation " + param.getOperation());
    };
  }

  private Value permute(List<Integer> order, String name, Feature x, List<Value> inputs) {
    if (order.equals(List.of(0, 1, 2, 3))) return mapped(x);
    if (!x.channelsLast() && order.equals(List.of(0, 2, 3, 1))) {
      return mapped(x.seenChannelsLast(true));
    }
    if (x.channelsLast() && order.equals(List.of(0, 3, 1, 2))) {
      return mapped(x.seenChannelsLast(false));
    }
    return Value.Cut.behind(inputs, "layer " + name, "a permutation of axes");
  }

  private Value reshape(List<Integer> target, String name, Feature x, List<Value> inputs) {
    List<Integer> from = x.dimensions();
    List<Integer> to = new ArrayList<>(target);
    long all = from.stream().mapToLong(s -> s).reduce(1, (a, b) -> a * b);
    long rest = 1;
    for (int i = 0; i < to.size(); i++) {
      if (to.get(i) == 0 && i < from.size()) to.set(i, from.get(i));
      if (to.get(i) != -1) rest *= to.get(i);
    }
    int missing = to.indexOf(-1);
    if (missing >= 0 && rest > 0) to.set(missing, (int) (all / rest));
    if (to.equals(from)) return mapped(x);
    boolean row = to.size() >= 2 && to.get(0) == 1 && to.get(1) == all;
    if (row && to.subList(2, to.size()).equals(nCopies(to.size() - 2, 1))) {
      return mapped(builder.flatten(name, x).withOnes(to.size() - 2));
    }
    return Value.Cut.behind(inputs, "layer " + name, "a reshaping that is not a flattening");
  }
}
