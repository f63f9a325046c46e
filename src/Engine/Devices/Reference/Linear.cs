using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void LinearForward(Tensor x, Tensor w, Tensor b, Tensor y)
    {
        int inputs = x.Shape[1], outputs = w.Shape[0];
        for (int n = 0; n < x.Shape[0]; n++)
            for (int o = 0; o < outputs; o++)
            {
                double sum = Reals(b)[o];
                for (int i = 0; i < inputs; i++)
                    sum += Reals(x)[n * inputs + i] * Reals(w)[o * inputs + i];
                Reals(y)[n * outputs + o] = sum;
            }
    }

    public void LinearInputGrad(Tensor dy, Tensor w, Tensor dx, GradMode mode)
    {
        int inputs = w.Shape[1], outputs = w.Shape[0];
        for (int n = 0; n < dy.Shape[0]; n++)
            for (int i = 0; i < inputs; i++)
            {
                double sum = 0;
                for (int o = 0; o < outputs; o++)
                    sum += Reals(dy)[n * outputs + o] * Reals(w)[o * inputs + i];
                Put(Reals(dx), n * inputs + i, sum, mode);
            }
    }

    public void LinearWeightGrad(Tensor dy, Tensor x, Tensor dw, Tensor db)
    {
        int inputs = x.Shape[1], outputs = dy.Shape[1];
        for (int o = 0; o < outputs; o++)
        {
            double bias = 0;
            for (int n = 0; n < dy.Shape[0]; n++)
                bias += Reals(dy)[n * outputs + o];
            Reals(db)[o] = bias;
            for (int i = 0; i < inputs; i++)
            {
                double sum = 0;
                for (int n = 0; n < dy.Shape[0]; n++)
                    sum += Reals(dy)[n * outputs + o] * Reals(x)[n * inputs + i];
                Reals(dw)[o * inputs + i] = sum;
            }
        }
    }
}
