package sc.fiji.spyhop.util;

import java.util.Map;

/**
 * A row of a table.
 *
 * @param label what it is about
 * @param cells texts and numbers by column; NaN for an empty cell
 */
public record TableRow(String label, Map<String, Object> cells) {}
