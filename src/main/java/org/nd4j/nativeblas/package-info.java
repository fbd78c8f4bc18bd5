/**
 * A class that Deeplearning4j 1.0.0-M2.1 looks for and ND4J no longer has: {@link Nd4jCpu}. Nothing
 * of Spyhop asks for it.
 */
package org.nd4j.nativeblas;
