package sc.fiji.spyhop.ij;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.io.FileInfo;
import ij.io.FileSaver;
import ij.io.TiffEncoder;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.LUT;
import ij.process.ShortProcessor;
import java.awt.Color;
import java.nio.file.Path;
import java.util.Arrays;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.util.AtomicFile;

/** Label images as ImageJ shows and stores them. */
public final class LabelImages {

  /** Colours of labels 1 to 255, as 0xRRGGBB. */
  private static final int[] COLORS = DistinctColors.make(255);

  private LabelImages() {}

  /** A label image over the labels themselves, not a copy: 16-bit, or 32-bit beyond 65,535. */
  public static ImagePlus of(String title, LabelMap labels) {
    ImagePlus image = new ImagePlus(title, processor(labels));
    colorize(image, labels.max());
    return image;
  }

  private static ImageProcessor processor(LabelMap labels) {
    return labels.shorts().isPresent()
        ? new ShortProcessor(labels.width(), labels.height(), labels.shorts().get(), null)
        : new FloatProcessor(labels.width(), labels.height(), labels.floats().orElseThrow());
  }

  /** The labels themselves, as ImageJ's stacks hold them: {@code short[]} or {@code float[]}. */
  static Object pixels(LabelMap labels) {
    return labels.shorts().<Object>map(s -> s).orElseGet(() -> labels.floats().orElseThrow());
  }

  /** 256 colours: black for 0, then distinct ones. */
  public static LUT lut() {
    byte[][] rgb = new byte[3][256];
    for (int i = 0; i < COLORS.length; i++) {
      for (int c = 0; c < 3; c++) rgb[c][i + 1] = (byte) (COLORS[i] >> (16 - 8 * c));
    }
    return new LUT(rgb[0], rgb[1], rgb[2]);
  }

  /** The colour of a label; they recur after 255. */
  public static Color color(int label) {
    return new Color(COLORS[(label - 1) % COLORS.length]);
  }

  /**
   * Masks of 0 and 255 as a composite, each channel in the colour of its label; a plain image in
   * black and that colour if there is one channel.
   */
  static ImagePlus colorizeMasks(ImagePlus masks) {
    if (masks.getStackSize() == 1) {
      masks.setLut(LUT.createLutFromColor(color(1)));
      masks.setDisplayRange(0, 255);
      return masks;
    }
    CompositeImage composite = new CompositeImage(masks, CompositeImage.COMPOSITE);
    LUT[] luts = new LUT[masks.getNChannels()];
    for (int c = 0; c < luts.length; c++) {
      luts[c] = LUT.createLutFromColor(color(c + 1));
      luts[c].min = 0;
      luts[c].max = 255;
    }
    composite.setLuts(luts);
    return composite;
  }

  /**
   * Sets lookup table and display range such that 0 is black and no label is. Up to 255 labels have
   * a colour each; beyond, as a lookup table has no more entries, neighbouring numbers share one.
   * The range may begin below 0 for that: else the lowest labels would be black.
   *
   * @param max largest label of the image
   */
  static void colorize(ImagePlus image, int max) {
    image.setLut(lut());
    if (max <= 255) {
      image.setDisplayRange(0, 255);
      return;
    }
    image.setDisplayRange(-below(max, image.getBitDepth()), max);
  }

  /**
   * The smallest n for which a display range from -n shows 0 as the first of 256 steps, and 1 as
   * the second. ImageJ rounds {@code (value + n) * 256 / (max + n + 1)} for 16 bits, {@code (value
   * + n) * 255 / (max + n)} for 32.
   */
  private static int below(int max, int bits) {
    return bits == 16 ? (max + 510) / 511 - 1 : Math.max(0, (max - 510 + 508) / 509);
  }

  /**
   * Writes an image as TIFF in ImageJ's own way, whole or not at all.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the folder is full, missing or read-only
   */
  public static void save(ImagePlus image, Path file) {
    FileInfo info = image.getFileInfo();
    FileSaver saver = new FileSaver(image);
    info.description = saver.getDescriptionString();
    info.info = image.getInfoProperty();
    info.properties = image.getPropertiesAsArray();
    info.overlay = FileSaver.getOverlay(image);
    String[] names = image.getStack().getSliceLabels();
    if (names != null && Arrays.stream(names).anyMatch(n -> n != null)) info.sliceLabels = names;
    if (image.isComposite()) saver.saveDisplayRangesAndLuts(image, info);
    AtomicFile.write(file, out -> new TiffEncoder(info).write(out));
  }
}
