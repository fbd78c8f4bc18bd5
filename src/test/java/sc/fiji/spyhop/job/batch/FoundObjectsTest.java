package sc.fiji.spyhop.job.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ij.ImagePlus;
import ij.ImageStack;
import ij.measure.ResultsTable;
import ij.process.ByteProcessor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackSegmentation;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.ij.Tables;
import sc.fiji.spyhop.ij.measure.Measures;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.RegionNames;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;

class FoundObjectsTest {

  /** Two slices of 6 x 4 pixels; in each one object of 2 x 2 pixels of value 10 and 30. */
  private static FoundObjects found(List<String> classes, Measures measures) {
    ImageStack stack = new ImageStack(6, 4);
    for (int value : new int[] {10, 30}) {
      ByteProcessor plane = new ByteProcessor(6, 4);
      plane.setValue(value);
      plane.fill();
      stack.addSlice(plane);
    }
    ImagePlus image = new ImagePlus("cells.tif", stack);
    image.getCalibration().pixelWidth = 0.5;
    image.getCalibration().pixelHeight = 0.5;
    image.getCalibration().setUnit("um");
    image.getCalibration().xOrigin = 1;
    LabelMap labels = new LabelMap(6, 4);
    for (int i : new int[] {8, 9, 14, 15}) labels.set(i % 6, i / 6, 1);
    HyperstackSegmentation segmented =
        HyperstackSegmentation.run(
            Frames.of(image),
            RegionNames.ofClasses(classes),
            (z, t, frame, part) ->
                new Segmentation(labels, List.of(new Segment(1, 4, 3, 2, 0.75, 2, 1, 2, 2))),
            Progress.NONE);
    return FoundObjects.of(
        "cells.tif", segmented, LookArea.ALL.in(image), measures, ShownScale.SAME);
  }

  private static ResultsTable table(FoundObjects found) {
    List<String> header = new ArrayList<>(FoundObjects.COLUMNS.stream().map(Column::name).toList());
    header.addAll(found.columns());
    ResultsTable table = new ResultsTable();
    Tables.fill(table, found.found().image(), header, found.rows());
    return table;
  }

  @Test
  void windowsAndFilesHaveTheSameColumns() {
    FoundObjects found = found(List.of(), Measures.parse("box_x,mean"));
    assertEquals(
        List.of("cells.tif", "2", "1", "1", "", "1", "1", "1", "µm", "0.75", "", "1", "0.5", "30"),
        found.rows().toList().get(1));
    ResultsTable table = table(found);
    assertEquals(
        "Label,slice,label,area,x,y,unit,probability,scale,box_x,mean",
        String.join(",", table.getHeadings()));
    assertEquals("cells.tif", table.getLabel(1));
    assertEquals(2, table.getValue("slice", 1));
    assertEquals(1, table.getValue("area", 1));
    assertEquals("µm", table.getStringValue("unit", 1));
    assertEquals(30, table.getValue("mean", 1));
  }

  @Test
  void classesHaveNamesAndIntensities() {
    FoundObjects found = found(List.of("ground", "nucleus"), Measures.ALL);
    assertEquals(List.of("mean", "sd", "min", "max", "median", "integrated"), found.columns());
    assertEquals("nucleus", table(found).getStringValue("class", 0));
  }
}
