package sc.fiji.spyhop.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;

import java.nio.FloatBuffer;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.engine.graph.Pass;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.Layer;

/** Batch normalisation. */
final class OneDnnBatchNorm extends OneDnnNode {

  private static final int SCALE = 0;
  private static final int SHIFT = 1;
  private static final int MEAN = 2;
  private static final int VARIANCE = 3;

  private final BatchNorm layer;
  private final boolean frozen;
  private final List<Weight> slots;
  private final Blob[] statistics = new Blob[2];
  private final Blob[] unused = new Blob[2];
  private final Cache<List<Object>, Compiled> cache = new Cache<>(SIZES);
  private boolean batchSeen;

  OneDnnBatchNorm(BatchNorm layer, Maps maps, List<Weight> slots, boolean frozen) {
    super(maps);
    this.layer = layer;
    this.slots = slots;
    this.frozen = frozen;
    for (int i = 0; i < 2; i++) {
      statistics[i] = Maps.keep(Layout.plain(layer.channels()));
      unused[i] = Maps.keep(Layout.plain(layer.channels()));
    }
  }

  private boolean usesBatch(Mode mode) {
    return mode.training() && !frozen;
  }

  private final class Compiled {
    private final Layout layout;
    private final int flags;
    final Primitive forward;
    private Primitive backward;

    Compiled(Pass<Blob> pass, Layout layout) {
      this.layout = layout;
      boolean batch = usesBatch(pass.mode());
      flags = dnnl.dnnl_use_scale | dnnl.dnnl_use_shift | (batch ? 0 : dnnl.dnnl_use_global_stats);
      forward =
          new Primitive(
              "batch norm",
              layout.type(),
              (out, type) ->
                  dnnl.dnnl_batch_normalization_forward_primitive_desc_create(
                      out,
                      OneDnn.c(),
                      pass.mode().keeps()
                          ? dnnl.dnnl_forward_training
                          : dnnl.dnnl_forward_inference,
                      layout.in(type).c(),
                      layout.in(type).c(),
                      (float) layer.epsilon(),
                      flags,
                      Primitive.with(pass.function())),
              DNNL_ARG_SRC,
              DNNL_ARG_MEAN,
              DNNL_ARG_VARIANCE,
              DNNL_ARG_SCALE,
              DNNL_ARG_SHIFT,
              DNNL_ARG_DST);
    }

    Primitive backward() {
      if (backward == null) {
        backward =
            new Primitive(
                "gradient of batch norm",
                forward,
                (out, type) ->
                    dnnl.dnnl_batch_normalization_backward_primitive_desc_create(
                        out,
                        OneDnn.c(),
                        dnnl.dnnl_backward,
                        layout.in(type).c(),
                        layout.in(type).c(),
                        layout.in(type).c(),
                        (float) layer.epsilon(),
                        flags,
                        forward.description(type),
                        Primitive.plain()),
                DNNL_ARG_SRC,
                DNNL_ARG_MEAN,
                DNNL_ARG_VARIANCE,
                DNNL_ARG_SCALE,
                DNNL_ARG_DIFF_DST,
                DNNL_ARG_DIFF_SCALE,
                DNNL_ARG_DIFF_SHIFT,
                DNNL_ARG_DIFF_SRC);
      }
      return backward;
    }
  }

  @Override
  public List<Weight> slots() {
    return slots;
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  /** In training the way back looks at what it was given before. */
  @Override
  public boolean absorbs(Layer.Function function, Mode mode) {
    return function == Layer.Function.RELU && !mode.keeps();
  }

  private Compiled compiled(Pass<Blob> pass, Layout layout) {
    return cache.get(key(pass, layout, usesBatch(pass.mode())), () -> new Compiled(pass, layout));
  }

  private Blob statistic(Pass<Blob> pass, int i) {
    return usesBatch(pass.mode()) ? statistics[i] : slots.get(MEAN + i).value();
  }

  @Override
  public Blob forward(Pass<Blob> pass) {
    Blob x = source(pass);
    Blob y = maps.take(x.layout());
    compiled(pass, x.layout())
        .forward
        .run(
            maps,
            x,
            statistic(pass, 0),
            statistic(pass, 1),
            slots.get(SCALE).value(),
            slots.get(SHIFT).value(),
            y);
    maps.freeUnless(x, pass.in(0));
    batchSeen = usesBatch(pass.mode());
    return y;
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    Blob x = source(pass);
    Blob g = maps.turn(gradient, x.layout());
    boolean trained = pass.asks(slots.get(SCALE));
    compiled(pass, x.layout())
        .backward()
        .run(
            maps,
            x,
            statistic(pass, 0),
            statistic(pass, 1),
            slots.get(SCALE).value(),
            g,
            trained ? slots.get(SCALE).gradientBlob() : unused[0],
            trained ? slots.get(SHIFT).gradientBlob() : unused[1],
            g);
    maps.freeUnless(x, pass.in(0));
    if (pass.asks(0)) pass.give(0, g);
    else maps.free(g);
  }

  @Override
  public void commit() {
    if (!batchSeen) return;
    follow(slots.get(MEAN).values(), statistics[0].values());
    follow(slots.get(VARIANCE).values(), statistics[1].values());
  }

  private void follow(FloatBuffer running, FloatBuffer batch) {
    for (int c = 0; c < layer.channels(); c++) {
      double kept = layer.momentum() * running.get(c) + (1 - layer.momentum()) * batch.get(c);
      running.put(c, (float) kept);
    }
  }

  @Override
  public void close() {
    slots.forEach(Weight::close);
    for (int i = 0; i < 2; i++) {
      Maps.discard(statistics[i]);
      Maps.discard(unused[i]);
    }
  }
}
