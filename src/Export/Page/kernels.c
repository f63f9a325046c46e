/* The kernels of the C form as one module of WebAssembly, which takes networks as data: build/wasm.sh compiles it. */
#include "../C/kernels/begin.h"

#include "../C/kernels/lanes_wasm.h"

#include "../C/kernels/finish.h"

#include "../C/kernels/counts.h"

#include "../C/kernels/reals.h"

#include "../C/kernels/layers.h"

#define NN_EXPORT(name) extern __typeof__(nn_##name) name __attribute__((alias("nn_" #name), visibility("default")))

NN_EXPORT(image);
NN_EXPORT(pack);
NN_EXPORT(pointwise);
NN_EXPORT(sign_conv);
NN_EXPORT(real_conv);
NN_EXPORT(linear);
NN_EXPORT(pad);
NN_EXPORT(max_pool);
NN_EXPORT(max_pool_signs);
NN_EXPORT(average_pool);
NN_EXPORT(flatten);
NN_EXPORT(flatten_signs);
NN_EXPORT(label);
