package sc.fiji.spyhop.job.batch;

import ij.gui.Roi;
import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.ij.HyperstackResults;
import sc.fiji.spyhop.pipeline.Finding;
import sc.fiji.spyhop.pipeline.PipelineResult;
import sc.fiji.spyhop.pipeline.PipelineRunner;

/** What a pipeline found, as regions of interest. */
public final class PipelineRois {

  private PipelineRois() {}

  /** Boxes, points and outlines of all planes. */
  public static List<Roi> of(HyperstackResults<PipelineResult> found, PipelineRunner chain) {
    return found.rois(
        r -> r.annotation(chain.classes()), PipelineRois::regions, chain.types(), chain.layout());
  }

  private static List<HyperstackResults.PlacedLabels> regions(PipelineResult result) {
    List<HyperstackResults.PlacedLabels> all = new ArrayList<>();
    for (Finding f : result.findings()) {
      f.regions()
          .ifPresent(
              r ->
                  all.add(
                      new HyperstackResults.PlacedLabels(
                          "object " + f.number() + " region",
                          r.x(),
                          r.y(),
                          r.segmentation().labels())));
    }
    return all;
  }
}
