package sc.fiji.spyhop.model.download;

import java.util.List;
import sc.fiji.spyhop.plugin.Extension;
import sc.fiji.spyhop.plugin.Kind;

/** A place of pretrained models, such as a group's own server. */
@Kind("source of models")
public interface ModelSource extends Extension {

  /**
   * What there is, each with the checksum of its files. It may have to look, for some seconds;
   * where it fails, what there is elsewhere is offered without it.
   *
   * @return files, each with its length and checksum
   * @throws sc.fiji.spyhop.SpyhopException that says why, if that cannot be found out
   */
  List<Catalogue.Entry> models();
}
