using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    // A classifier is some million products a step: plain loops, rows over the threads, sums in the order in which they are written.
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
            float* x = X + (long)part * Inputs, y = Y + (long)part * Outputs;
            int o = 0;
            for (; o + 4 <= Outputs; o += 4)
                Four(x, W + (long)o * Inputs, B + o, y + o);
            for (; o < Outputs; o++)
            {
                float sum = 0;
                for (int i = 0; i < Inputs; i++)
                    sum += x[i] * W[(long)o * Inputs + i];
                y[o] = sum + B[o];
            }
        }

        // Additions of one sum wait for each other; those of four do not.
        private void Four(float* x, float* w, float* b, float* y)
        {
            float* w1 = w + Inputs, w2 = w1 + Inputs, w3 = w2 + Inputs;
            float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            for (int i = 0; i < Inputs; i++)
            {
                s0 += x[i] * w[i];
                s1 += x[i] * w1[i];
                s2 += x[i] * w2[i];
                s3 += x[i] * w3[i];
            }

            (y[0], y[1], y[2], y[3]) = (s0 + b[0], s1 + b[1], s2 + b[2], s3 + b[3]);
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
            int i = 0;
            for (; i + TSimd.Width <= Inputs; i += TSimd.Width)
                Sum<TSimd>(dy, W + i, dx + i);
            for (; i < Inputs; i++)
                Sum<SimdScalar>(dy, W + i, dx + i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Sum<T>(float* dy, float* w, float* dx) where T : unmanaged, ISimd<T>
        {
            T sum = T.Zero;
            for (int o = 0; o < Outputs; o++)
                sum += T.Broadcast(dy[o]) * T.Load(w + (long)o * Inputs);
            (Mode == GradMode.Add ? T.Load(dx) + sum : sum).Store(dx);
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
                float* x = X + (long)n * Inputs;
                int i = 0;
                for (; i + TSimd.Width <= Inputs; i += TSimd.Width)
                    (TSimd.Load(dw + i) + TSimd.Broadcast(g) * TSimd.Load(x + i)).Store(dw + i);
                for (; i < Inputs; i++)
                    dw[i] += g * x[i];
            }

            Db[part] = bias;
        }
    }
}
