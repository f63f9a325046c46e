using ManagedCuda;
using ManagedCuda.BasicTypes;
using ReSTE.Native.Adapters.ManagedCuda;
using ReSTE.Native.Training;

// What the program has anyway: a context, a stream, device variables.
using var context = new CudaContext(0);
using var stream = new CudaStream(CUStreamFlags.NonBlocking);

// A network on them, from a checkpoint.
using var gpu = ManagedCudaDevice.Open(context, stream, kernelFolder: args.ElementAtOrDefault(1));
using var predictor = Predictor.Open(args[0], gpu.Device, batchSize: 4);
using var images = new CudaDeviceVariable<byte>(predictor.BatchSize * predictor.Shape.Bytes);
using var scores = new CudaDeviceVariable<float>(predictor.BatchSize * predictor.Classes);
using var network = gpu.Bind(predictor, images, scores);

images.MemsetAsync(128, stream.Stream); // here your own kernels fill the images,
network.Run();                          // the network reads them where they are,
stream.Synchronize();                   // and here your own kernels read the scores, with nobody waiting in between
var values = new float[predictor.BatchSize * predictor.Classes];
scores.CopyToHost(values);
Console.WriteLine($"scores of the first image: {string.Join(' ', values.Take(predictor.Classes).Select(v => v.ToString("f3")))}");
