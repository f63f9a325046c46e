// What batch norm keeps of a batch: its statistics, and the running ones moved towards them.
#pragma once
#include <math.h>
#include <stdint.h>

struct BatchStatistics
{
    float *mean, *inv_std, *running_mean, *running_variance; // [C]
    double rows, momentum;
    float epsilon;

    // The variance is that of the values as they are; the running one is an estimate, over rows - 1. NaN stays NaN.
    __device__ __forceinline__ void store(uint32_t c, double m, double variance) const
    {
        mean[c] = (float)m;
        inv_std[c] = (float)(1.0 / sqrt(variance + (double)epsilon));
        running_mean[c] = (float)((1.0 - momentum) * running_mean[c] + momentum * m);
        running_variance[c] = (float)((1.0 - momentum) * running_variance[c] + momentum * variance * rows / (rows - 1.0));
    }

    // Of sums of z and z^2.
    __device__ __forceinline__ void store_sums(uint32_t c, double sum, double squares) const
    {
        const double m = sum / rows, raw = squares / rows - m * m;
        store(c, m, raw < 0.0 ? 0.0 : raw); // NaN stays NaN
    }
};
