package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.gui.ImageCanvas;
import ij.macro.Interpreter;
import java.awt.GraphicsEnvironment;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.generate.fooling.Canvas;
import sc.fiji.spyhop.generate.fooling.FoolingImage;
import sc.fiji.spyhop.generate.fooling.FoolingResult;
import sc.fiji.spyhop.ij.FrameStacks;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.util.Strings;

/** A stack of images that fool a model, which is redrawn while they are made. */
final class LiveStack {

  private static final long PATIENCE_NANOS = 500_000_000;

  /** Pixels of the screen that an image has at least. */
  private static final int SIDE = 200;

  private final Canvas canvas;
  private Optional<ImagePlus> shown = Optional.empty();
  private long drawn;

  LiveStack(Canvas canvas) {
    this.canvas = canvas;
  }

  /** Whether there are windows to show it in. */
  static boolean isSeen() {
    return !GraphicsEnvironment.isHeadless() && !Interpreter.isBatchMode();
  }

  private boolean isColor() {
    return canvas.isColor() && canvas.isEightBit();
  }

  private static List<Frame> frames(List<FoolingImage> images) {
    return images.stream().map(FoolingImage::frame).toList();
  }

  /** Shows how they are, unless it was just shown. A window that was closed stays so. */
  void show(int generation, List<FoolingImage> images) {
    long now = System.nanoTime();
    if (shown.isPresent() && (now - drawn < PATIENCE_NANOS || !shown.get().isVisible())) return;
    drawn = now;
    if (shown.isPresent()) {
      FrameStacks.replace(shown.get(), frames(images), isColor());
    } else {
      shown = Optional.of(made(images));
      shown.get().show();
      enlarge(shown.get());
    }
    shown.get().setTitle("Fooling images, generation " + generation);
  }

  /** Images of a few pixels would be hard to see. */
  private static void enlarge(ImagePlus image) {
    ImageCanvas window = image.getCanvas();
    int longer = Math.max(image.getWidth(), image.getHeight());
    while (window != null && window.getMagnification() * longer < SIDE) {
      double before = window.getMagnification();
      window.zoomIn(image.getWidth() / 2, image.getHeight() / 2);
      if (window.getMagnification() <= before) return;
    }
  }

  private ImagePlus made(List<FoolingImage> images) {
    return FrameStacks.of(
        "Fooling images",
        frames(images),
        images.stream().map(FoolingImage::type).toList(),
        isColor(),
        0,
        canvas.white());
  }

  /** The stack as it is in the end, each slice with its class and probability. */
  ImagePlus finished(FoolingResult found) {
    Optional<ImagePlus> open = shown.filter(ImagePlus::isVisible);
    ImagePlus stack = open.orElseGet(() -> made(found.images()));
    open.ifPresent(o -> FrameStacks.replace(o, frames(found.images()), isColor()));
    int channels = stack.getStackSize() / found.images().size();
    for (int i = 0; i < stack.getStackSize(); i++) {
      FoolingImage image = found.images().get(i / channels);
      stack
          .getStack()
          .setSliceLabel(Strings.format("%s %.4f", image.type(), image.probability()), i + 1);
    }
    stack.setTitle("fooling_" + found.model());
    return stack;
  }
}
