package sc.fiji.spyhop.job.page;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.NodeList;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Folders;

/** Small pictures as files. */
final class Jpeg {

  /** Largest width in pixels; pages show half of it, for fine screens and print. */
  static final int WIDTH = 400;

  static final int HEIGHT = 300;

  private static final float QUALITY = 0.8f;

  private Jpeg() {}

  /** The picture so small that it fits, of the same shape; a smaller one as it is. */
  static BufferedImage reduced(BufferedImage picture) {
    double scale =
        Math.min(
            1,
            Math.min((double) WIDTH / picture.getWidth(), (double) HEIGHT / picture.getHeight()));
    int width = (int) Math.max(1, Math.round(scale * picture.getWidth()));
    int height = (int) Math.max(1, Math.round(scale * picture.getHeight()));
    return Reduction.of(picture, width, height);
  }

  /**
   * Halves a picture as long as its longer side is at least so many pixels: what is drawn smaller
   * than half its size in one go loses lines.
   */
  static BufferedImage halved(BufferedImage picture, int least) {
    BufferedImage half = picture;
    while (Math.max(half.getWidth(), half.getHeight()) >= least && half.getWidth() > 1) {
      half = scaled(half, half.getWidth() / 2, Math.max(1, half.getHeight() / 2));
    }
    return half;
  }

  private static BufferedImage scaled(BufferedImage picture, int width, int height) {
    BufferedImage to = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = to.createGraphics();
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    g.drawImage(picture, 0, 0, width, height, null);
    g.dispose();
    return to;
  }

  /**
   * Writes a picture, whole or not at all.
   *
   * @param time of its change
   * @throws sc.fiji.spyhop.SpyhopException if the folder is full, missing or read-only
   */
  static void write(Path file, BufferedImage picture, FileTime time) {
    AtomicFile.write(file, out -> write(picture, out));
    try {
      Files.setLastModifiedTime(file, time);
    } catch (IOException e) {
      throw Folders.cannotWrite(file, e);
    }
  }

  static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw Folders.cannotWrite(file, e);
    }
  }

  /** Stores colours in the size of the picture, not in half of it, in which thin lines fade. */
  private static void keepColors(IIOMetadata metadata) throws IOException {
    String format = metadata.getNativeMetadataFormatName();
    IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(format);
    NodeList components = root.getElementsByTagName("componentSpec");
    for (int i = 0; i < components.getLength(); i++) {
      IIOMetadataNode component = (IIOMetadataNode) components.item(i);
      component.setAttribute("HsamplingFactor", "1");
      component.setAttribute("VsamplingFactor", "1");
    }
    metadata.setFromTree(format, root);
  }

  private static void write(BufferedImage picture, OutputStream out) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(QUALITY);
      IIOMetadata metadata =
          writer.getDefaultImageMetadata(
              ImageTypeSpecifier.createFromRenderedImage(picture), param);
      keepColors(metadata);
      writer.setOutput(stream);
      writer.write(null, new IIOImage(picture, null, metadata), param);
    } finally {
      writer.dispose();
    }
  }
}
