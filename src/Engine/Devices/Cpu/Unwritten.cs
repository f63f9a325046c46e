using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd>
{
    public void ChannelScale(Tensor x, Tensor scale, Tensor y) => throw new NotImplementedException();

    public void ChannelScaleBackward(Tensor dy, Tensor x, Tensor scale, Tensor? dx, GradMode mode, Tensor? dscale, Tensor? scratch) => throw new NotImplementedException();

    public void SignUnpack(Tensor bits, Tensor y) => throw new NotImplementedException();

    public void SignUnpackBackward(Tensor dy, Tensor x, SlopeKind slope, Tensor slopeParameters, Tensor dx, GradMode mode) => throw new NotImplementedException();

    public void HardTanh(Tensor x, Tensor y) => throw new NotImplementedException();

    public void HardTanhBackward(Tensor dy, Tensor x, Tensor dx, GradMode mode) => throw new NotImplementedException();

    public void ImageDeviation(Tensor x, Tensor statistics, Tensor y) => throw new NotImplementedException();

    public void ImageDeviationBackward(Tensor dy, Tensor x, Tensor statistics, bool attached, Tensor dx, GradMode mode) => throw new NotImplementedException();
}
