// The numbers that change between epochs lie in one block of floats [12] on the device: a captured graph would freeze an argument.
#pragma once
#include <stdint.h>

constexpr uint32_t kKnobLearningRate = 0;
constexpr uint32_t kKnobMomentum = 1;
constexpr uint32_t kKnobWeightDecay = 2;
constexpr uint32_t kKnobIndicatorExponent = 3;
constexpr uint32_t kKnobWeightSlope = 4;     // four numbers
constexpr uint32_t kKnobActivationSlope = 8; // four numbers
