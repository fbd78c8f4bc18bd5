package sc.fiji.spyhop.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.process.ByteProcessor;
import java.util.ArrayList;
import java.util.List;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.cli.Discs;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.image.Imgs;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.network.Notation;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.task.BoxRegression;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.ObjectCenters;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** What is not said of a training has defaults that suit each kind of task. */
class ModelTrainingBuilderTest {

  private static final int SIDE = 64;

  /** Cones of radius 12, one in each image, as ImgLib2 has them. */
  private static List<Img<UnsignedByteType>> images(int count) {
    List<Img<UnsignedByteType>> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ByteProcessor drawn = Discs.plane(SIDE, SIDE, new int[] {20 + 5 * i, 30});
      images.add(ArrayImgs.unsignedBytes((byte[]) drawn.getPixels(), SIDE, SIDE));
    }
    return images;
  }

  private static List<LabelMap> labels(int count) {
    List<LabelMap> labels = new ArrayList<>();
    for (Img<UnsignedByteType> image : images(count)) {
      Img<UnsignedByteType> bright = image.copy();
      bright.forEach(p -> p.set(p.get() > 0 ? 1 : 0));
      labels.add(Imgs.labelMap(bright));
    }
    return labels;
  }

  private static List<Annotation> boxes(int count) {
    List<Annotation> boxes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Box box = new Box(8 + 5 * i, 18, 24, 24);
      boxes.add(
          new Annotation(
              new ImageSize(SIDE, SIDE), List.of(new LocalizedObject(box, "disc")), List.of()));
    }
    return boxes;
  }

  private static <T> Model shortly(ModelTrainingBuilder<T> builder) {
    return builder.options(o -> o.epochs(1).stepsPerEpoch(1).batch(2).crop(32)).train();
  }

  @Test
  void pixels() {
    Dataset<LabelMap> set = Dataset.ofImages(images(3), labels(3));
    ModelTraining<LabelMap> plan =
        ModelTraining.of(InstanceSegmentation.of("disc"), set).named("discs").build();
    assertEquals(TrainingOptions.DEFAULT, plan.options());
    assertEquals(new Normalization.Percentile(1, 99.8), plan.input().normalization());
    assertTrue(plan.input().objects().isKnown());
    assertEquals("discs", plan.about().name());
    Model model =
        shortly(
            ModelTraining.of(InstanceSegmentation.of("disc"), set)
                .network(
                    new SegmentationNetwork("unet", List.of(4, 8))
                        .network(1, InstanceSegmentation.of("disc"))));
    assertEquals(List.of("disc"), model.spec().names());
  }

  @Test
  void boxesAnywhere() {
    ObjectCenters task = ObjectCenters.of(List.of("disc"), 4);
    Model model = shortly(ModelTraining.of(task, Dataset.ofImages(images(3), boxes(3))));
    assertEquals(4, ((ObjectCenters) model.spec().task()).stride());
    assertTrue(model.spec().input().objects().isKnown());
  }

  @Test
  void boxesByANetworkOfOnesOwn() {
    BoxRegression task = BoxRegression.of("disc", boxes(3));
    Model model =
        shortly(
            ModelTraining.of(task, Dataset.ofImages(images(3), boxes(3)))
                .network(Notation.parse("4C3 MP4 FC4 linear", Shape.of(1, 32, 32))));
    assertEquals(32, model.spec().input().fit().view(1, 1).width());
  }

  @Test
  void values() {
    List<RealValues> truth = List.of(new RealValues(List.of(20.0)), new RealValues(List.of(25.0)));
    Regression task = Regression.of(List.of("x"), List.of("pixels"), truth);
    ModelTraining<RealValues> plan =
        ModelTraining.of(task, Dataset.ofImages(images(2), truth)).build();
    assertEquals(TrainingOptions.IMAGES, plan.options());
    assertEquals(SIDE, plan.input().fit().view(1, 1).width());
    assertEquals(List.of("x"), shortly(ModelTraining.of(task, plan.train())).spec().names());
  }

  @Test
  void classes() {
    Classification task = Classification.of("left", "right");
    Split<?> split = Dataset.ofImages(images(6), task.truths(0, 0, 0, 1, 1, 1)).split(0.34, 3);
    assertEquals(2, split.validation().size());
    assertEquals(4, split.train().size());
    var names = new ArrayList<>(split.train().names());
    names.addAll(split.validation().names());
    assertEquals(6, names.stream().distinct().count());
    Tensor batch = Tensor.zeros(Axes.NCHW, 2, 1, 4, 4);
    assertThrows(SpyhopException.class, () -> Dataset.of(batch, task.truths(0, 1, 1)));
    assertThrows(SpyhopException.class, () -> ModelTraining.of(task, Dataset.of(List.of())));
  }

  /** Views of one image, with boxes in its coordinates. */
  @Test
  void viewsAreImages() {
    Img<UnsignedByteType> image = images(1).get(0);
    var part = Views.interval(image, new long[] {4, 10}, new long[] {51, 57});
    Dataset<Annotation> set = Dataset.ofImages(List.of(part), boxes(1));
    Annotation truth = set.get(0).truth();
    assertEquals(new Box(4, 8, 24, 24), truth.objects().get(0).box());
    assertEquals(48, set.get(0).frame().width());
  }

  @Test
  void namesThatNoModelCanHaveAreRefusedBeforeItIsTrained() {
    for (String name : new String[] {"my model", "", "../up", null}) {
      String said =
          assertThrows(SpyhopException.class, () -> ModelTraining.About.named(name)).getMessage();
      assertTrue(said.contains(name == null ? "received none." : '"' + name + '"'), said);
    }
  }
}
