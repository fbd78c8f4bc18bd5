package sc.fiji.spyhop.engine.selection;

import java.time.Instant;
import java.util.Optional;

/**
 * What came of checking an engine on a device.
 *
 * @param fault what it computes wrong, as the end of a sentence; nothing if all is right
 * @param when it was checked
 */
record Verdict(Optional<String> fault, Instant when) {}
