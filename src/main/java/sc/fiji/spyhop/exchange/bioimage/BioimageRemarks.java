package sc.fiji.spyhop.exchange.bioimage;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/** What whoever exports a model should know of how other programs run it, a sentence each. */
final class BioimageRemarks {

  /** Those that people give models and data; SPDX has some hundred more. */
  private static final Set<String> KNOWN_LICENSES =
      Set.of(
          ("AFL-3.0 AGPL-3.0-only AGPL-3.0-or-later Apache-2.0 Artistic-2.0 BSD-2-Clause BSD-3-Clause"
                  + " BSL-1.0 CC-BY-2.0 CC-BY-3.0 CC-BY-4.0 CC-BY-NC-3.0 CC-BY-NC-4.0 CC-BY-NC-ND-4.0"
                  + " CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0 CC-BY-ND-4.0 CC-BY-SA-3.0 CC-BY-SA-4.0 CC0-1.0"
                  + " CECILL-2.1 CECILL-B CECILL-C ECL-2.0 EPL-1.0 EPL-2.0 EUPL-1.1 EUPL-1.2 GPL-2.0-only"
                  + " GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later ISC LGPL-2.1-only LGPL-2.1-or-later"
                  + " LGPL-3.0-only LGPL-3.0-or-later MIT MIT-0 MPL-1.1 MPL-2.0 MS-PL NCSA ODbL-1.0"
                  + " ODC-By-1.0 OFL-1.1 OSL-3.0 PDDL-1.0 PSF-2.0 Unlicense W3C WTFPL Zlib")
              .split(" "));

  private BioimageRemarks() {}

  /** None where there is nothing to know. */
  static List<String> of(ModelSpec spec) {
    List<String> remarks = new ArrayList<>();
    if (!KNOWN_LICENSES.contains(spec.license())) {
      remarks.add(
          Strings.format(
              "The licence \"%s\" is none of the common SPDX identifiers, such as CC-BY-4.0: if it is"
                  + " none at all, other programs refuse the package.",
              spec.license()));
    }
    ModelSpec.Input input = spec.input();
    if (input.fit() instanceof Resize.Scaled s && s.factor() != 1) {
      remarks.add(
          Strings.format(
              "Other programs have to be shown images that were scaled by %s before.",
              Digits.six(s.factor())));
    }
    if (input.fit().isFixed()) {
      Resize.View view = input.fit().view(1, 1);
      remarks.add(
          Strings.format(
              "Other programs have to be shown images of %d x %d pixels (columns x rows).",
              view.width(), view.height()));
    }
    if (spec.task().grid() == Task.Grid.CELLS) {
      remarks.add(
          "deepImageJ (JDLL) does not run models whose outputs are smaller than the image;"
              + " bioimageio.core does.");
    }
    if (input.channels() > 1 && input.normalization() instanceof Normalization.ZScore) {
      remarks.add(
          "deepImageJ (JDLL) brings all channels to the mean and deviation of the last one;"
              + " bioimageio.core each to its own.");
    }
    if (Portable.isOfImage(spec)) {
      remarks.add("Other programs show normalized values, not those of the image.");
    }
    return remarks;
  }
}
