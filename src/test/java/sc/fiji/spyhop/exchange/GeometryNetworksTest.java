package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.onnx.OnnxExport;
import sc.fiji.spyhop.exchange.onnx.OnnxImport;
import sc.fiji.spyhop.exchange.onnx.OnnxWriter;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.network.Pad;
import sc.fiji.spyhop.network.PixelShuffle;
import sc.fiji.spyhop.network.Resizing;
import sc.fiji.spyhop.network.SelectChannels;

/**
 * Networks that pad, crop, cut, resize and shuffle, as both exporters of PyTorch and Keras write
 * them, say what PyTorch and Keras say. {@code src/test/python/geometry_networks.py} made the
 * files.
 */
class GeometryNetworksTest {

  @TempDir Path folder;

  private ForeignNetwork foreign(String name) throws IOException {
    String ending = name.equals("bordered") ? ".h5" : ".onnx";
    return ForeignNetwork.of("geometry/" + name + ending, folder);
  }

  private Imported read(String name) throws IOException {
    return foreign(name).read();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "padded_odd",
        "padded_odd_new",
        "padded_even",
        "padded_open",
        "padded_open_new",
        "aligned",
        "aligned_open",
        "aligned_new",
        "cropped",
        "cropped_new",
        "pyramid",
        "pyramid_odd",
        "pyramid_open",
        "pyramid_open_new",
        "subpixel",
        "subpixel_open",
        "subpixel_new",
        "shuffled",
        "shuffled_open",
        "shuffled_new",
        "reflected",
        "reflected_new",
        "focus",
        "focus_open",
        "focus_new",
        "by_size",
        "bordered"
      })
  void saysTheSame(String name) throws IOException {
    ForeignNetwork foreign = foreign(name);
    Imported net = foreign.read();
    foreign.assertSaid(foreign.run(net, Engines.forGradients()));
    assertEquals(name.contains("open"), !net.network().inputs().get(0).shape().isFixed());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    OnnxWriter.write(OnnxExport.of(net.network(), net.weights()), bytes);
    Path file = Files.write(folder.resolve("again.onnx"), bytes.toByteArray());
    Imported again = OnnxImport.read(file, Optional.empty());
    foreign.assertSaid(foreign.run(again, Engines.forPrediction(net.network())));
    assertEquals(kinds(net), kinds(again), "kinds of layers");
  }

  private static Set<Class<?>> kinds(Imported net) {
    Set<Class<?>> kinds = new LinkedHashSet<>();
    net.network().layers().forEach(l -> kinds.add(l.getClass()));
    return kinds;
  }

  private static List<String> moved(Imported net) {
    List<String> moved = new ArrayList<>();
    for (Layer l : net.network().layers()) {
      boolean moves =
          l instanceof Pad
              || l instanceof Resizing
              || l instanceof SelectChannels
              || l instanceof PixelShuffle;
      if (moves) moved.add(l.description());
    }
    return moved;
  }

  /** What is padded to the size of another map is nothing where sizes can be halved. */
  @ParameterizedTest
  @ValueSource(strings = {"padded_even", "padded_open", "padded_open_new", "pyramid"})
  void needsNoLayers(String name) throws IOException {
    assertEquals(List.of(), moved(read(name)));
  }

  @Test
  void findsTheLayersThatDoIt() throws IOException {
    String first = "pad zeros 0 x 0 before, 0 x 1 after";
    assertEquals(List.of(first, "pad zeros 0 x 0 before, 1 x 0 after"), moved(read("padded_odd")));
  }

  @Test
  void pixelsAndChannelsAreShuffledInOneGo() throws IOException {
    assertEquals(
        List.of(
            "channels out of blocks of 2 x 2 pixels",
            "blocks of 3 x 3 pixels out of channels",
            "blocks of 2 x 2 pixels out of channels"),
        moved(read("subpixel")));
  }

  /** A network that pads to odd sizes takes others than such, but none that can be divided. */
  @ParameterizedTest
  @CsvSource({"padded_odd, false", "cropped, false", "padded_even, true", "pyramid, true"})
  void isOpenedToAnySizeWhereItTakesMultiples(String name, boolean opens) throws IOException {
    List<String> notes = new ArrayList<>();
    Imported opened = SizeOfImages.fitting(read(name), Optional.empty(), notes);
    assertEquals(opens, !opened.network().inputs().get(0).shape().isFixed());
    assertEquals(opens, !notes.isEmpty());
  }

  private NetworkImport.Result imported(String name, NetworkImport.Way way) throws IOException {
    return new NetworkImport(
            NetworkImport.About.named(name),
            Source.of(foreign(name).file()),
            Preprocessing.parse("grey/255"),
            "background,cell",
            way,
            "",
            Optional.of(Meaning.SEGMENT))
        .run(Progress.NONE);
  }

  private static boolean says(NetworkImport.Result result, String words) {
    return result.notes().stream().anyMatch(note -> note.contains(words));
  }

  @Test
  void whatTakesOneSizeKeepsIt() throws IOException {
    for (String name : List.of("padded_odd", "padded_odd_new")) {
      NetworkImport.Result kept = imported(name, NetworkImport.Way.AUTO);
      assertTrue(OnnxGraph.fileIn(kept.model().network()).isEmpty());
      assertEquals(List.of(13, 18), kept.model().network().inputs().get(0).shape().space());
    }
  }

  @Test
  void alignedCornersAreSaid() throws IOException {
    NetworkImport.Result read = imported("aligned_open", NetworkImport.Way.AUTO);
    assertTrue(OnnxGraph.fileIn(read.model().network()).isEmpty());
    assertTrue(says(read, "corners aligned"), read.notes().toString());
    assertFalse(says(imported("padded_open", NetworkImport.Way.AUTO), "corners aligned"));
  }

  /** What it pads for even sizes is not what it pads for odd ones, which it would take. */
  @Test
  void classifiersWhoseLayersHangOnTheSizeAreNotOpened() {
    SpyhopException e = assertThrows(SpyhopException.class, () -> read("by_size_unknown"));
    assertTrue(e.getMessage().contains("say what size images have"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"padded_odd", "aligned", "subpixel_new", "shuffled", "reflected", "focus"})
  void learnsFurther(String name) throws IOException {
    foreign(name).assertLearns(read(name), 1e-3);
  }
}
