package sc.fiji.spyhop.job.batch;

import ij.gui.Roi;
import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.ij.HyperstackResults;
import sc.fiji.spyhop.pipeline.Chain;
import sc.fiji.spyhop.pipeline.ChainResult;
import sc.fiji.spyhop.pipeline.Finding;

/** What a pipeline found, as regions of interest. */
public final class ChainRois {

  private ChainRois() {}

  /** Boxes, points and outlines of all planes. */
  public static List<Roi> of(HyperstackResults<ChainResult> found, Chain chain) {
    return found.rois(
        r -> r.annotation(chain.classes()), ChainRois::regions, chain.types(), chain.layout());
  }

  private static List<HyperstackResults.PlacedLabels> regions(ChainResult result) {
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
