<#-- Written by the build (license-maven-plugin) from the descriptions of all libraries. -->
Spyhop's own licence is the file LICENSE. The libraries that come with it, and their licences:

<#list dependencyMap as e>
${e.getKey().artifactId}-${e.getKey().version}
    ${e.getKey().name}, ${e.getKey().groupId}
    <#if e.getKey().url??>${e.getKey().url}
    </#if>Licence: <#list e.getValue() as licence>${licence}<#sep> or </#list>

</#list>
Each library keeps the notices of its authors within its jar. The texts of the licences are in the
folder "texts" beside this file, or in META-INF/licenses of Spyhop's jar.

What lies within these jars besides
-----------------------------------

onnxruntime     ONNX Runtime, copyright Microsoft Corporation, MIT; what it is linked with stands in
                ThirdPartyNotices.txt in its jar.
dnnl            oneDNN, copyright Intel Corporation and others, Apache-2.0, with Xbyak and ITT
                (BSD-3-Clause). On Linux libgomp, copyright Free Software Foundation, GPL-3.0 with the
                GCC Runtime Library Exception 3.1; on macOS libiomp5 of LLVM, Apache-2.0 with LLVM
                exception.
opencl          OpenCL-ICD-Loader, copyright The Khronos Group Inc., Apache-2.0.
openblas        OpenBLAS, copyright The OpenBLAS Project, BSD-3-Clause, with LAPACK (BSD-3-Clause).
                On Linux and macOS libgfortran and libgcc_s, copyright Free Software Foundation,
                GPL-3.0 with the GCC Runtime Library Exception 3.1, and libquadmath, LGPL-2.1 or later.
nd4j-native     libnd4j, copyright Konduit K.K. and others, Apache-2.0, with oneDNN and FlatBuffers
                (Apache-2.0); on Linux libgomp as above.
cuda            if it is there, in a jar named "redist": CUDA and cuDNN, copyright NVIDIA Corporation, under
                NVIDIA's own licences, which are not free.
guava, jackson, protobuf of org.nd4j
                Guava, copyright The Guava Authors, and Jackson, copyright its authors, Apache-2.0;
                Protocol Buffers, copyright Google Inc., BSD-3-Clause: under other package names.
jna             libffi, copyright Anthony Green, Red Hat, Inc. and others, MIT.
lz4-java        LZ4 and xxHash, copyright Yann Collet, BSD-2-Clause.
javassist, jna  come under several licences, of which Apache-2.0 is chosen here.
jfreechart      copyright David Gilbert and contributors, LGPL-2.1 or later; used unchanged, in a jar of
                its own that may be replaced. Its source: https://github.com/jfree/jfreechart
spyhop          classes made from onnx.proto, copyright ONNX Project Contributors, Apache-2.0, and
                from caffe.proto, copyright The Regents of the University of California and
                contributors, BSD-2-Clause.
