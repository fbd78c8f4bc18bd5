package sc.fiji.spyhop.task.decode;

import java.util.List;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Intensity;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.tensor.Tensor;

/** Puts maps of values together to an image of as many channels, in 32 bits. */
public final class ImageAssembler implements Assembler<Frame> {

  private final List<Head> heads;
  private final ImageSize size;
  private final Frame like;
  private final Intensity units;
  private final float[][] planes;

  /**
   * For an image of some size.
   *
   * @param head whose channels are those of the image
   * @param like gives name and pixel size
   * @param units what pixel values were made to be told by the network; one for each channel
   */
  public ImageAssembler(ImageSize size, Head head, Frame like, Intensity units) {
    heads = List.of(head);
    this.size = size;
    this.like = like;
    this.units = units;
    planes = new float[head.channels()][Math.multiplyExact(size.width(), size.height())];
  }

  @Override
  public Runnable prepare(Tile tile, List<Tensor> outputs) {
    Outputs.check(heads, tile, outputs);
    float[] values = outputs.get(0).data();
    for (int c = 0; c < planes.length; c++) {
      for (int y = tile.y(); y < tile.y() + tile.height(); y++) {
        int row = (c * tile.regionHeight() + y - tile.regionY()) * tile.regionWidth();
        int to = y * size.width() + tile.x();
        System.arraycopy(values, row + tile.x() - tile.regionX(), planes[c], to, tile.width());
        units.undo(planes[c], to, to + tile.width(), c);
      }
    }
    return () -> {};
  }

  @Override
  public Frame finish() {
    return Frame.ofPlanes(List.of(planes), size.width(), size.height())
        .withName(like.name())
        .withPixelSize(like.pixelSize());
  }
}
