package sc.fiji.spyhop.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.imglib2.Cursor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.ImgView;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.Type;
import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.ClassMaps;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/** From ImgLib2's images to arrays, and from what is predicted to ImgLib2's images. */
public final class Imgs {

  private Imgs() {}

  /**
   * Labels as an image, columns and rows, in the coordinates of the image that was segmented. The
   * pixels are shared up to label 65,535, and copied beyond.
   */
  public static Img<? extends IntegerType<?>> labels(Segmentation found) {
    LabelMap labels = found.labels();
    if (labels.shorts().isPresent()) {
      short[] shorts = labels.shorts().get();
      return at(
          ArrayImgs.unsignedShorts(shorts, labels.width(), labels.height()), found.x(), found.y());
    }
    int[] ints = new int[labels.size()];
    for (int i = 0; i < ints.length; i++) ints[i] = labels.get(i);
    return at(ArrayImgs.ints(ints, labels.width(), labels.height()), found.x(), found.y());
  }

  /**
   * A copy of labels, which begin at the first pixel of a view.
   *
   * @param labels columns and rows of whole numbers, 0 for background
   * @throws SpyhopException if there are other dimensions, or numbers from 0 to {@link
   *     LabelMap#MAX_LABEL} are exceeded
   */
  public static LabelMap labelMap(RandomAccessibleInterval<? extends IntegerType<?>> labels) {
    if (labels.numDimensions() != 2) {
      throw new SpyhopException(
          Strings.format(
              "Labels: expected columns and rows, received %d dimensions.",
              labels.numDimensions()));
    }
    LabelMap map =
        new LabelMap(Math.toIntExact(labels.dimension(0)), Math.toIntExact(labels.dimension(1)));
    Cursor<? extends IntegerType<?>> cursor = Views.flatIterable(labels).cursor();
    for (int i = 0; i < map.size(); i++) {
      long label = cursor.next().getIntegerLong();
      if (label < 0 || label > LabelMap.MAX_LABEL) {
        throw new SpyhopException(
            Strings.format(
                "Labels: expected numbers from 0 to %d, received %d.", LabelMap.MAX_LABEL, label));
      }
      map.set(i, (int) label);
    }
    return map;
  }

  /**
   * A copy of an image as a minibatch of one, from the first pixel of a view.
   *
   * @param image columns and rows, or columns, rows and channels
   * @return [1, channels, height, width], pixel values as they are
   * @throws SpyhopException as {@link Frame#of}
   */
  public static Tensor tensor(RandomAccessibleInterval<? extends RealType<?>> image) {
    Frame frame = Frame.of(image);
    int[] shape = {1, frame.channels(), frame.height(), frame.width()};
    float[] data = new float[Math.toIntExact(Tensor.length(shape))];
    Cursor<? extends RealType<?>> cursor = Views.flatIterable(frame.pixels()).cursor();
    for (int i = 0; i < data.length; i++) data[i] = cursor.next().getRealFloat();
    return new Tensor(Axes.NCHW, shape, data);
  }

  /**
   * A tensor as an image, which shares its values: its axes the other way round, so that of NCHW
   * become columns, rows, channels and samples.
   */
  public static Img<FloatType> of(Tensor tensor) {
    int rank = tensor.rank();
    long[] size = new long[rank];
    for (int i = 0; i < rank; i++) size[i] = tensor.size(rank - 1 - i);
    return ArrayImgs.floats(tensor.data(), size);
  }

  /**
   * How likely each class is as an image of columns, rows and classes. Its pixels are {@link
   * ClassMaps#stride} pixels of the image wide, so that it begins at (0, 0, 0).
   */
  public static Img<FloatType> of(ClassMaps maps) {
    List<float[]> planes = new ArrayList<>(maps.planes());
    int size = maps.width() * maps.height();
    float[] all = new float[Math.multiplyExact(size, planes.size())];
    for (int c = 0; c < planes.size(); c++) {
      System.arraycopy(planes.get(c), 0, all, c * size, size);
    }
    return ArrayImgs.floats(all, maps.width(), maps.height(), planes.size());
  }

  /** An image that begins elsewhere than at (0, 0); pixels are not copied. */
  public static <T extends Type<T>> Img<T> at(Img<T> image, long... min) {
    if (Arrays.stream(min).allMatch(m -> m == 0)) return image;
    return new Moved<>(image, min);
  }

  /** ImgView copies only images that begin at zero. */
  private static final class Moved<T extends Type<T>> extends ImgView<T> {

    private final Img<T> image;
    private final long[] min;

    Moved(Img<T> image, long... min) {
      super(Views.translate(image, min), image.factory());
      this.image = image;
      this.min = min.clone();
    }

    @Override
    public Img<T> copy() {
      return new Moved<>(image.copy(), min);
    }
  }
}
