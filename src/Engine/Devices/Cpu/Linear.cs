using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    // A classifier is some hundred thousand products a step: plain loops, rows over the threads.
    public void LinearForward(Tensor x, Tensor w, Tensor b, Tensor y)
    {
        var job = new LinearForwardJob
        {
            X = Reals(x),
            W = Reals(w),
            B = Reals(b),
            Y = Reals(y),
            Inputs = x.Shape[1],
            Outputs = w.Shape[0],
        };
        threads.Run(ref job, x.Shape[0]);
    }

    public void LinearInputGrad(Tensor dy, Tensor w, Tensor dx, GradMode mode)
    {
        var job = new LinearInputGradJob
        {
            Dy = Reals(dy),
            W = Reals(w),
            Dx = Reals(dx),
            Inputs = w.Shape[1],
            Outputs = w.Shape[0],
            Mode = mode,
        };
        threads.Run(ref job, dy.Shape[0]);
    }

    public void LinearWeightGrad(Tensor dy, Tensor x, Tensor dw, Tensor db)
    {
        var job = new LinearWeightGradJob
        {
            Dy = Reals(dy),
            X = Reals(x),
            Dw = Reals(dw),
            Db = Reals(db),
            Rows = x.Shape[0],
            Inputs = x.Shape[1],
            Outputs = dy.Shape[1],
        };
        threads.Run(ref job, dy.Shape[1]);
    }

    /// <summary>One row of y.</summary>
    private readonly struct LinearForwardJob : IParallelJob
    {
        public required float* X { get; init; }

        public required float* W { get; init; }

        public required float* B { get; init; }

        public required float* Y { get; init; }

        public required int Inputs { get; init; }

        public required int Outputs { get; init; }

        public void Run(int part, int worker)
        {
            float* x = X + (long)part * Inputs;
            for (int o = 0; o < Outputs; o++)
            {
                float sum = 0;
                for (int i = 0; i < Inputs; i++)
                    sum += x[i] * W[(long)o * Inputs + i];
                Y[(long)part * Outputs + o] = sum + B[o];
            }
        }
    }

    /// <summary>One row of dx.</summary>
    private readonly struct LinearInputGradJob : IParallelJob
    {
        public required float* Dy { get; init; }

        public required float* W { get; init; }

        public required float* Dx { get; init; }

        public required int Inputs { get; init; }

        public required int Outputs { get; init; }

        public required GradMode Mode { get; init; }

        public void Run(int part, int worker)
        {
            float* dy = Dy + (long)part * Outputs, dx = Dx + (long)part * Inputs;
            for (int i = 0; i < Inputs; i++)
            {
                float sum = 0;
                for (int o = 0; o < Outputs; o++)
                    sum += dy[o] * W[(long)o * Inputs + i];
                dx[i] = Mode == GradMode.Add ? dx[i] + sum : sum;
            }
        }
    }

    /// <summary>One output's weights and bias.</summary>
    private readonly struct LinearWeightGradJob : IParallelJob
    {
        public required float* Dy { get; init; }

        public required float* X { get; init; }

        public required float* Dw { get; init; }

        public required float* Db { get; init; }

        public required int Rows { get; init; }

        public required int Inputs { get; init; }

        public required int Outputs { get; init; }

        public void Run(int part, int worker)
        {
            float* dw = Dw + (long)part * Inputs;
            new Span<float>(dw, Inputs).Clear();
            float bias = 0;
            for (int n = 0; n < Rows; n++)
            {
                float g = Dy[(long)n * Outputs + part];
                bias += g;
                for (int i = 0; i < Inputs; i++)
                    dw[i] += g * X[(long)n * Inputs + i];
            }

            Db[part] = bias;
        }
    }
}
