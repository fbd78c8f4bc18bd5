package sc.fiji.spyhop.job.batch;

import ij.gui.Roi;
import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.ij.AnnotationRois;
import sc.fiji.spyhop.ij.HyperstackResults;
import sc.fiji.spyhop.pipeline.Finding;
import sc.fiji.spyhop.pipeline.PipelineResult;
import sc.fiji.spyhop.pipeline.PipelineRunner;
import sc.fiji.spyhop.prediction.RegionNames;

/** What a pipeline found, as regions of interest. */
public final class PipelineRois {

  private PipelineRois() {}

  /** Boxes, points and outlines of all planes. */
  public static List<Roi> of(HyperstackResults<PipelineResult> found, PipelineRunner chain) {
    return found.rois(
        r -> r.annotation(chain.classes()),
        r -> captions(r, chain.classes()),
        r -> regions(r, chain.regionNames()),
        chain.types(),
        chain.layout());
  }

  /** The class of each box with its probability, or with the score of the box if there is none. */
  private static List<String> captions(PipelineResult result, List<String> classes) {
    return result.findings().stream()
        .filter(f -> f.object().isPresent())
        .map(
            f ->
                f.told()
                    .map(
                        t ->
                            t.exclusive()
                                ? AnnotationRois.boxName(
                                    t.text(classes), t.scores().probability(t.scores().best()))
                                : t.caption(classes))
                    .orElseGet(
                        () ->
                            AnnotationRois.boxName(
                                f.object().get().type(), f.object().get().score())))
        .toList();
  }

  private static List<HyperstackResults.PlacedRegions> regions(
      PipelineResult result, RegionNames names) {
    List<HyperstackResults.PlacedRegions> all = new ArrayList<>();
    for (Finding f : result.findings()) {
      f.regions()
          .ifPresent(
              r ->
                  all.add(
                      new HyperstackResults.PlacedRegions(
                          "object " + f.number() + " region",
                          r.x(),
                          r.y(),
                          r.segmentation(),
                          names)));
    }
    return all;
  }
}
