package sc.fiji.spyhop.dataset;

import java.util.ArrayList;
import java.util.List;
import net.imglib2.RandomAccess;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.image.BoxPicture;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Resampling;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;

/** Cuts objects out of images, with their keypoints as they lie there. */
public final class ObjectPictures {

  private ObjectPictures() {}

  /**
   * A picture of each object that has keypoints. All are kept in memory.
   *
   * @param images poses without an object are passed over
   */
  public static Dataset<Annotation> of(
      Dataset<Annotation> images, BoxPicture how, Progress progress) {
    List<Sample<Annotation>> pictures = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      progress.checkCancelled();
      progress.update("Cutting out pictures", i, images.size());
      try {
        Sample<Annotation> image = images.get(i);
        int number = 0;
        for (Pose pose : image.truth().poses()) {
          number++;
          if (pose.object().isEmpty()) continue;
          Affine map = how.toImage(pose.object().map(LocalizedObject::box).orElseThrow());
          String name = images.names().get(i) + " object " + number;
          pictures.add(cut(image.frame(), map, how, pose, name));
        }
      } catch (SpyhopException e) {
        problems.add(BadSamples.clause(images.names().get(i), e));
      }
    }
    progress.update("Cutting out pictures", images.size(), images.size());
    BadSamples.throwIfAny(
        problems, problems.size() + " of " + images.size() + " images cannot be used");
    return Dataset.ofSamples(pictures);
  }

  /**
   * One picture; points that lie beyond it are absent there.
   *
   * @param toImage from the picture to the image
   */
  public static Sample<Annotation> cut(
      Frame image, Affine toImage, BoxPicture how, Pose pose, String name) {
    Affine toPicture = toImage.inverse();
    List<Keypoint> points = new ArrayList<>();
    for (Keypoint point : pose.keypoints()) {
      if (!point.isLocated()) {
        points.add(point);
        continue;
      }
      double x = toPicture.x(point.x(), point.y());
      double y = toPicture.y(point.x(), point.y());
      boolean inside = x >= 0 && y >= 0 && x < how.width() && y < how.height();
      points.add(inside ? point.movedTo(x, y) : Keypoint.absent(point.name()));
    }
    return new Sample<>(
        cut(image, toImage, how.width(), how.height(), name),
        new Annotation(
            new ImageSize(how.width(), how.height()), List.of(), List.of(new Pose(points))));
  }

  /** A picture to keep: of 8-bit images in 8 bits, since there may be many. */
  public static Frame cut(Frame image, Affine toImage, int width, int height, String name) {
    Frame read = Resampling.averaged(image, toImage, width, height);
    boolean bytes = image.pixels().getAt(0, 0, 0) instanceof UnsignedByteType;
    if (!bytes) return new Frame(name, read.pixels(), read.pixelSize());
    byte[] values = new byte[width * height * read.channels()];
    RandomAccess<? extends RealType<?>> pixel = read.pixels().randomAccess();
    for (int c = 0, at = 0; c < read.channels(); c++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++, at++) {
          values[at] = (byte) Math.round(pixel.setPositionAndGet(x, y, c).getRealDouble());
        }
      }
    }
    return new Frame(
        name, ArrayImgs.unsignedBytes(values, width, height, read.channels()), read.pixelSize());
  }
}
