package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.network.Layer.PoolingKind;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.weights.Weights;

class SizeOfImagesTest {

  private final List<String> notes = new ArrayList<>();

  /** Each channel times its mean. */
  private static Imported whole(int... space) {
    List<Integer> sizes = new ArrayList<>();
    for (int size : space) sizes.add(size);
    NetworkBuilder b =
        NetworkBuilder.input("image", new Shape(2, sizes))
            .maxPool("half", 2)
            .globalPool("mean", PoolingKind.AVERAGE)
            .from("half")
            .multiply("scaled", "mean")
            .upsample("full", 2);
    return new Imported(b.build(), new Weights(Map.of()), List.of());
  }

  private static Imported local(int height, int width) {
    NetworkBuilder b =
        NetworkBuilder.input("image", Shape.of(2, height, width)).maxPool("a", 2).upsample("b", 2);
    return new Imported(b.build(), new Weights(Map.of()), List.of());
  }

  private static Shape shape(Imported net) {
    return net.network().inputs().get(0).shape();
  }

  @Test
  void whatLooksAroundAPlaceIsOpened() {
    Imported open = SizeOfImages.fitting(local(64, 96), Optional.empty(), notes);
    assertEquals(Shape.of(2, Shape.ANY, Shape.ANY), shape(open));
    assertTrue(notes.get(0).startsWith("The weights are for images of 64 x 96 pixels"));
  }

  @Test
  void whatSeesAllOfAnImageKeepsItsSize() {
    Imported fixed = whole(64, 96);
    assertSame(fixed, SizeOfImages.fitting(fixed, Optional.empty(), notes));
    assertEquals(List.of(), notes);
  }

  @Test
  void whatTakesAnySizeStaysSo() {
    Imported open = whole(Shape.ANY, Shape.ANY);
    assertSame(open, SizeOfImages.fitting(open, Optional.empty(), notes));
    assertTrue(ReceptiveField.of(open.network()).isOfParts());
  }

  @Test
  void aSizeThatIsAskedForIsGivenIfLayersTakeIt() {
    Optional<List<Integer>> asked = Optional.of(List.of(48, 32));
    assertEquals(Shape.of(2, 48, 32), shape(SizeOfImages.fitting(whole(64, 96), asked, notes)));
    assertEquals(Shape.of(2, 48, 32), shape(SizeOfImages.fitting(local(64, 96), asked, notes)));
    NetworkBuilder skip =
        NetworkBuilder.input("image", Shape.of(1, 64, 64))
            .maxPool("a", 2)
            .upsample("b", 2)
            .concat("both", "image");
    Imported net = new Imported(skip.build(), new Weights(Map.of()), List.of());
    String message =
        assertThrows(
                SpyhopException.class,
                () -> SizeOfImages.fitting(net, Optional.of(List.of(33, 33)), notes))
            .getMessage();
    assertTrue(
        message.startsWith(
            "Preprocessing: a size of 33 x 33 pixels (rows x columns) does not suit the network,"
                + " which takes 64 x 64: layer both: expected equal sizes"),
        message);
  }
}
