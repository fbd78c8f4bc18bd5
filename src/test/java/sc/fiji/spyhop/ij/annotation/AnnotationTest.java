package sc.fiji.spyhop.ij.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Line;
import ij.gui.OvalRoi;
import ij.gui.PointRoi;
import ij.gui.Roi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.ClassImages;
import sc.fiji.spyhop.dataset.Grouping;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.ValueImages;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.MaskFiles;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.LabelMap;

class AnnotationTest {

  @TempDir Path folder;

  private final List<Roi> rois = new ArrayList<>();

  /** Two channels, three slices, two time points; calibrated. */
  private static ImagePlus hyperstack() {
    ImagePlus image = IJ.createHyperStack("my cells.tif", 20, 10, 2, 3, 2, 16);
    image.getCalibration().pixelWidth = 0.5;
    image.getCalibration().pixelHeight = 0.5;
    image.getCalibration().setUnit("um");
    for (int i = 1; i <= 12; i++) image.getStack().getProcessor(i).set(3, 2, i);
    return image;
  }

  private static ImagePlus plane() {
    return IJ.createImage("plane", 20, 10, 1, 8);
  }

  private Roi add(Roi roi, String name) {
    roi.setName(name);
    rois.add(roi);
    return roi;
  }

  private Marks marks(ImagePlus image) {
    return Marks.of(image, rois, Marks.Naming.AUTO);
  }

  private String findings(ImagePlus image, Kind kind, boolean complete) {
    return String.join("\n", Check.of(marks(image), kind, complete).findings());
  }

  private LabelMap labels(Path data) {
    return SegmentationFolder.read(
            data, Optional.empty(), Optional.empty(), new ImageFiles(), -1, note -> {})
        .get(0)
        .truth();
  }

  @Test
  void regionsBelongToTheirPlane() {
    ImagePlus image = hyperstack();
    add(new Roi(1, 1, 4, 4), "a").setPosition(0, 2, 1);
    add(new Roi(1, 1, 4, 4), "b").setPosition(image.getStackIndex(2, 3, 2));
    Marks marks = marks(image);
    List<Marks.Plane> marked = marks.marked(Kind.OBJECTS);
    assertEquals(2, marked.size());
    assertEquals(List.of(2, 1), List.of(marked.get(0).z(), marked.get(0).t()));
    assertEquals(List.of(3, 2), List.of(marked.get(1).z(), marked.get(1).t()));
    assertEquals(2, rois.get(0).getZPosition(), "the user's own region is left alone");
  }

  @Test
  void planesAreWrittenWithAllChannelsAndCalibration() {
    ImagePlus image = hyperstack();
    add(new Roi(3, 2, 4, 4), "cell-1").setPosition(0, 2, 1);
    new DataSetFolder(marks(image), Kind.OBJECTS, false, List.of())
        .write(folder.resolve("data"), false, Progress.NONE);
    ImagePlus written = ImageFiles.open(folder.resolve("data/images/my_cells_t001_z002.tif"));
    assertEquals(2, written.getNChannels());
    assertEquals(0.5, written.getCalibration().pixelWidth);
    assertEquals("µm", written.getCalibration().getUnit().replace("um", "µm"));
    assertEquals(image.getStackIndex(2, 2, 1), written.getStack().getProcessor(2).get(3, 2));
    LabelMap truth = labels(folder.resolve("data"));
    assertEquals(1, truth.get(3, 2));
    assertEquals(1, truth.get(6, 5));
    assertEquals(LabelMap.UNLABELLED, truth.get(7, 5));
    assertEquals(LabelMap.UNLABELLED, truth.get(0, 0));
  }

  /** Background is below objects, whatever comes first; smaller areas are above larger ones. */
  @Test
  void areasArePaintedInOrderOfSize() {
    add(new Roi(0, 0, 4, 4), "one");
    add(new Roi(2, 2, 3, 1), "two");
    add(new Roi(0, 0, 10, 10), "Background");
    new DataSetFolder(marks(plane()), Kind.OBJECTS, false, List.of())
        .write(folder, false, Progress.NONE);
    LabelMap truth = labels(folder);
    assertEquals(1, truth.get(0, 0));
    assertEquals(2, truth.get(2, 2));
    assertEquals(0, truth.get(9, 9));
    assertEquals(LabelMap.UNLABELLED, truth.get(10, 9));
  }

  /** The names of regions are the classes of objects; those of images that are there stay. */
  @Test
  void namedObjectsHaveTheirClassInATable() throws Exception {
    add(new Roi(0, 0, 20, 10), "background");
    add(new Roi(1, 1, 3, 3), "live");
    add(new Roi(10, 1, 3, 3), "dead");
    add(new Roi(1, 6, 3, 3), "live-1");
    Path data = folder.resolve("data");
    new DataSetFolder(marks(plane()), Kind.OBJECTS, false, List.of())
        .write(data, false, Progress.NONE);
    rois.clear();
    add(new Roi(5, 5, 3, 3), "dead");
    ImagePlus other = plane();
    other.setTitle("other");
    new DataSetFolder(marks(other), Kind.OBJECTS, true, List.of()).write(data, true, Progress.NONE);
    assertEquals(
        List.of(
            "image,label,class",
            "plane.tif,1,live",
            "plane.tif,2,dead",
            "plane.tif,3,live",
            "other.tif,1,dead"),
        Files.readAllLines(data.resolve("labels.csv")));
    LabelMap first =
        MaskFiles.objects(
                new AnnotationFiles(new ImageFiles()),
                data,
                Optional.empty(),
                Optional.empty(),
                List.of("dead", "live"),
                -1)
            .samples()
            .get(1)
            .truth();
    assertEquals(1, first.classes().of(first.get(2, 2)));
    assertEquals(0, first.classes().of(first.get(11, 2)));
    rois.clear();
    add(new Roi(5, 5, 3, 3), "0005-0005");
    new DataSetFolder(marks(plane()), Kind.OBJECTS, true, List.of())
        .write(folder.resolve("unnamed"), false, Progress.NONE);
    assertFalse(Files.exists(folder.resolve("unnamed/labels.csv")));
  }

  @Test
  void allIsBackgroundIfEverythingIsLabelled() throws Exception {
    add(new OvalRoi(2, 2, 6, 6), "cell");
    new DataSetFolder(marks(plane()), Kind.OBJECTS, true, List.of())
        .write(folder, false, Progress.NONE);
    LabelMap truth = labels(folder);
    assertEquals(0, truth.get(2, 2), "the corner of an oval's bounds");
    assertEquals(1, truth.get(5, 5));
    assertEquals(0, truth.get(19, 9));
    assertEquals("plane.tif,plane,1,1,", index().get(1));
  }

  /** As two windows may have one title; the same image again is replaced, of whatever depth. */
  @Test
  void anotherImageOfTheSameTitleIsKeptApart() throws Exception {
    add(new Roi(0, 0, 5, 5), "cell");
    for (int bits : new int[] {8, 16, 24, 32}) {
      Path data = folder.resolve("of " + bits);
      ImagePlus first =
          IJ.createImage("cells.tif", (bits == 24 ? "RGB" : bits + "-bit") + " ramp", 20, 10, 1);
      ImagePlus second = first.duplicate();
      second.setTitle("cells.tif");
      second.getProcessor().set(3, 3, 77);
      for (ImagePlus image : List.of(first, second, first, second)) {
        new DataSetFolder(marks(image), Kind.OBJECTS, true, List.of())
            .write(data, true, Progress.NONE);
      }
      assertEquals(
          List.of(
              "image,source,slice,frame,unknown",
              "cells.tif,cells.tif,1,1,",
              "cells_2.tif,cells.tif,1,1,"),
          Files.readAllLines(data.resolve("index.csv")));
      ImagePlus written = ImageFiles.open(data.resolve("images/cells_2.tif"));
      assertEquals(
          second.getProcessor().get(3, 3) & 0xFFFFFF, written.getProcessor().get(3, 3) & 0xFFFFFF);
      assertTrue(Files.exists(data.resolve("labels/cells_2.tif")));
    }
  }

  private List<String> index() throws Exception {
    return Files.readAllLines(folder.resolve("index.csv"));
  }

  /** Written with 65535 in 16 bits, as other programs can show it, and said. */
  @Test
  void whatIsUnknownIsSaidInTheIndexAndEarlierDataSetsLearnToSayIt() throws Exception {
    add(new Roi(0, 0, 5, 5), "cell");
    new DataSetFolder(marks(plane()), Kind.OBJECTS, false, List.of())
        .write(folder, false, Progress.NONE);
    assertEquals(List.of("image,source,slice,frame,unknown", "plane.tif,plane,1,1,65535"), index());
    ImagePlus labels = ImageFiles.open(folder.resolve("labels/plane.tif"));
    assertEquals(16, labels.getBitDepth());
    assertEquals(65535, labels.getProcessor().get(19, 9));
    Files.write(
        folder.resolve("index.csv"), List.of("image,source,slice,frame", "plane.tif,plane,1,1"));
    assertEquals(LabelMap.UNLABELLED, labels(folder).get(19, 9));
    ImagePlus other = plane();
    other.setTitle("other.tif");
    new DataSetFolder(marks(other), Kind.OBJECTS, true, List.of())
        .write(folder, true, Progress.NONE);
    assertEquals(
        List.of(
            "image,source,slice,frame,unknown",
            "plane.tif,plane,1,1,65535",
            "other.tif,other.tif,1,1,"),
        index());
  }

  @Test
  void pixelsKnowTheirClassesAndMoreCanBeAdded() throws Exception {
    ImagePlus image = plane();
    add(new Roi(0, 0, 5, 5), "wall");
    add(new Roi(5, 0, 5, 5), "background");
    new DataSetFolder(marks(image), Kind.PIXELS, false, List.of())
        .write(folder, false, Progress.NONE);
    assertEquals(List.of("background", "wall"), SegmentationFolder.classes(folder));
    rois.clear();
    image.setTitle("other.tif");
    add(new Roi(0, 0, 5, 5), "lumen");
    DataSetFolder next = new DataSetFolder(marks(image), Kind.PIXELS, false, List.of());
    assertTrue(
        assertThrows(SpyhopException.class, () -> next.write(folder, false, Progress.NONE))
            .getMessage()
            .contains("not empty"));
    next.write(folder, true, Progress.NONE);
    assertEquals(List.of("background", "wall", "lumen"), SegmentationFolder.classes(folder));
    Sample<LabelMap> other =
        SegmentationFolder.read(
                folder, Optional.empty(), Optional.empty(), new ImageFiles(), -1, note -> {})
            .get(0);
    assertEquals("other", other.name());
    assertEquals(2, other.truth().get(1, 1));
    assertEquals(3, Files.readAllLines(folder.resolve("index.csv")).size());
    DataSetFolder boxes = new DataSetFolder(marks(image), Kind.BOXES, false, List.of());
    assertThrows(SpyhopException.class, () -> boxes.write(folder, true, Progress.NONE));
    DataSetFolder few =
        new DataSetFolder(marks(image), Kind.PIXELS, false, List.of("background", "wall"));
    Path none = folder.resolve("none");
    assertTrue(
        assertThrows(SpyhopException.class, () -> few.write(none, false, Progress.NONE))
            .getMessage()
            .contains("\"lumen\""));
    assertFalse(Files.exists(none.resolve("images")));
  }

  @Test
  void boxesAndPointsAreReadBack() {
    ImagePlus image = hyperstack();
    add(new Roi(2, 1, 6, 3), "RBC").setPosition(0, 1, 1);
    add(new Roi(10, 1, 5, 3), "WBC").setPosition(0, 3, 1);
    new DataSetFolder(marks(image), Kind.BOXES, false, List.of())
        .write(folder, false, Progress.NONE);
    AnnotatedSet set = new AnnotationFiles(new ImageFiles()).open(folder);
    assertEquals(Map.of("RBC", 1, "WBC", 1), set.boxesByClass());
    assertEquals(null, rois.get(0).getProperty("class"), "the user's own region is left alone");
    assertEquals(new Box(2, 1, 6, 3), set.images().get(0).annotation().objects().get(0).box());
    assertTrue(set.problems().isEmpty());
    Path points = folder.resolve("points");
    rois.clear();
    add(new PointRoi(4, 5), "nose").setPosition(0, 2, 2);
    add(new PointRoi(7, 5), "tail").setPosition(0, 2, 2);
    new DataSetFolder(marks(image), Kind.POINTS, false, List.of())
        .write(points, false, Progress.NONE);
    AnnotatedSet read = new AnnotationFiles(new ImageFiles()).open(points);
    assertEquals(List.of("nose", "tail"), read.keypoints().names());
    var nose = read.images().get(0).annotation().poses().get(0).keypoint("nose").orElseThrow();
    assertEquals(List.of(4.5, 5.5), List.of(nose.x(), nose.y()));
    assertEquals(2, read.images().get(0).annotation().poses().get(0).keypoints().size());
  }

  @Test
  void labelsOfSlicesAreClassesOrValues() {
    ImagePlus image = IJ.createImage("stack.tif", 8, 8, 3, 8);
    image.getStack().setSliceLabel("on", 1);
    image.getStack().setSliceLabel("off", 3);
    Marks marks = marks(image);
    assertEquals(Kind.SLICES, Kind.of("auto", marks));
    new DataSetFolder(marks, Kind.SLICES, false, List.of()).write(folder, false, Progress.NONE);
    ClassImages read =
        ClassImages.read(folder, Optional.empty(), Optional.empty(), List.of(), new ImageFiles());
    assertEquals(List.of("off", "on"), read.classes());
    assertEquals(List.of("images/stack_z001.tif", "images/stack_z003.tif"), read.samples().names());
    image.getStack().setSliceLabel("1.5", 1);
    image.getStack().setSliceLabel("-2", 3);
    Marks numbers = marks(image);
    assertEquals(Kind.VALUES, Kind.of("auto", numbers));
    Path values = folder.resolve("values");
    new DataSetFolder(numbers, Kind.VALUES, false, List.of()).write(values, false, Progress.NONE);
    ValueImages measured =
        ValueImages.read(
            values,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Grouping.BY_NAME,
            new ImageFiles());
    assertEquals(-2, measured.samples().get(1).truth().get(0));
  }

  @Test
  void kindsAreGuessed() {
    assertThrows(SpyhopException.class, () -> Kind.of("auto", marks(plane())));
    add(new Roi(0, 0, 5, 5), "a");
    assertEquals(Kind.BOXES, Kind.of("auto", marks(plane())));
    add(new OvalRoi(6, 0, 5, 5), "a-1");
    assertEquals(Kind.OBJECTS, Kind.of("auto", marks(plane())));
    add(new Roi(0, 6, 3, 3), "background");
    assertEquals(Kind.OBJECTS, Kind.of("auto", marks(plane())));
    add(new OvalRoi(12, 0, 5, 5), "b");
    assertEquals(Kind.PIXELS, Kind.of("auto", marks(plane())));
    add(new PointRoi(1, 1), "p");
    assertEquals(Kind.POINTS, Kind.of("auto", marks(plane())));
    assertEquals(Kind.BOXES, Kind.of(" Boxes", marks(plane())));
    assertThrows(SpyhopException.class, () -> Kind.of("rings", marks(plane())));
  }

  @Test
  void whatANetworkSaidIsCorrectedByANewName() {
    Roi box = add(new Roi(0, 0, 5, 5), "RBC 0.93");
    box.setProperty("class", "RBC");
    box.setProperty("score", "0.93");
    assertEquals(List.of("RBC"), marks(plane()).classes());
    box.setName("WBC");
    assertEquals(List.of("WBC"), marks(plane()).classes());
    box.setName("0012-label_z2");
    box.setProperty("class", null);
    assertEquals(List.of("object"), marks(plane()).classes());
    box.setGroup(3);
    Roi.setGroupName(3, "platelet");
    assertEquals(List.of("platelet"), marks(plane()).classes());
    assertEquals(List.of("object"), Marks.of(plane(), rois, Marks.Naming.NAME).classes());
  }

  @Test
  void mistakesAreSuspicious() {
    for (int i = 0; i < 3; i++) add(new Roi(5 * i, 0, 4, 4), "wall-" + i);
    assertEquals("", findings(plane(), Kind.PIXELS, true));
    assertTrue(findings(plane(), Kind.PIXELS, false).contains("background"));
    add(new Roi(0, 6, 1, 1), "wall-9");
    add(new Roi(1, 1, 2, 2), "lumen");
    add(new Roi(18, 8, 4, 4), "Wall");
    add(new Roi(40, 8, 4, 4), "wall");
    add(new Line(0, 0, 5, 5), "scale bar");
    String all = findings(plane(), Kind.PIXELS, true);
    assertTrue(all.contains("tiny, the smallest has 1 pixels"), all);
    assertTrue(all.contains("wall-0 and lumen share 4 pixels"), all);
    assertTrue(all.contains("cut off there: Wall"), all);
    assertTrue(all.contains("wall lies outside the image"), all);
    assertTrue(all.contains("scale bar is a straight line"), all);
    assertTrue(all.contains("\"Wall\" and \"wall\"") || all.contains("\"wall\" and \"Wall\""), all);
    assertTrue(all.contains("names only once: Wall; lumen"), all);
    assertTrue(all.contains("out of balance: 49 pixels of wall"), all);
  }

  @Test
  void boxesDrawnTwiceAndSlicesLeftOutAreSuspicious() {
    ImagePlus image = IJ.createImage("s", 20, 10, 4, 8);
    add(new Roi(1, 1, 8, 8), "a").setPosition(2);
    add(new Roi(1, 1, 8, 8), "a-1").setPosition(2);
    String all = findings(image, Kind.BOXES, false);
    assertTrue(all.contains("drawn twice: a and a-1 in slice 2"), all);
    assertTrue(all.contains("3 of 4 slices have no marks"), all);
    add(new Roi(9, 1, 8, 8), "b");
    assertTrue(findings(image, Kind.BOXES, false).contains("1 region of no slice"));
  }

  @Test
  void slicesAreCounted() {
    ImagePlus image = IJ.createImage("s", 20, 10, 4, 8);
    add(new Roi(0, 0, 10, 10), "background").setPosition(3);
    add(new Roi(0, 0, 5, 5), "a").setPosition(3);
    add(new Roi(5, 0, 5, 5), "a-1").setPosition(3);
    Check check = Check.of(marks(image), Kind.OBJECTS, false);
    assertEquals(1, check.rows().size());
    assertEquals(3, check.rows().get(0).z());
    assertEquals(0.5, check.rows().get(0).labelled());
    assertEquals(Map.of("a", 2, "background", 1), check.totals());
  }

  @Test
  void imagesWhoseNamesDifferInCaseAloneAreNotAdded() {
    add(new Roi(0, 0, 5, 5), "cell");
    ImagePlus image = plane();
    new DataSetFolder(marks(image), Kind.OBJECTS, true, List.of())
        .write(folder, false, Progress.NONE);
    image.setTitle("Plane");
    DataSetFolder other = new DataSetFolder(marks(image), Kind.OBJECTS, true, List.of());
    String message =
        assertThrows(SpyhopException.class, () -> other.write(folder, true, Progress.NONE))
            .getMessage();
    assertTrue(message.contains("plane.tif is there already"), message);
    image.setTitle("plane");
    assertEquals(1, other.write(folder, true, Progress.NONE), "replaces itself");
  }
}
